"""Names and words that questions are made of.

Invariant: no word is in two lists that one question draws from. It does not: choose.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PEOPLE = _words(
    """
    Amina Bruno Chiara Dmitri Elif Farah Gustav Hana Ivo Jolene Kofi Leila Marek Nadia Oskar Petra Quentin Rosa Sanjay Tamara Umar
    Vera Wendell Ximena Yusuf Zofia Agnes Boris Carmen Delia Emil Freya Gideon Hedda Iris Jorge Katya Linus Mirela Noor Otis Paloma
    Ravi Signe Tobias Ulla Viggo Wilma Yara Zeno Anders Beatriz Cyrus Dagny Esther Fabio Greta Hugo Ingrid Jamal
    """
)

GOODS = _words(
    """
    notebook umbrella lamp kettle cushion candle mug scarf backpack stapler hammer blanket basket mirror poster vase brush ladder
    bucket frame wallet belt plant chair towel teapot calendar folder marker eraser ruler map globe puzzle bell clock rope lantern
    tray jug
    """
)

FOODS = _words(
    """
    apple peach plum lemon melon carrot onion leek cabbage turnip sandwich muffin bagel pretzel waffle pancake omelette salad pizza
    taco burger noodle dumpling pie cookie juice smoothie lemonade cocoa cider
    """
)

WORDS = _words(
    """
    anchor autumn balcony bamboo barrel beacon blossom bridge butter cabin canvas castle cedar chapel cherry cinnamon circle cobalt
    copper coral cotton cradle crystal curtain dagger daisy desert diamond dolphin dragon eagle echo ember emerald falcon feather
    fiddle flame forest fossil fountain galaxy garden garnet ginger glacier granite harbor harvest hazel heron hollow honey horizon
    island ivory jasmine jungle kernel lagoon lantern lavender legend lemon lighthouse lily lotus magnet mango maple marble meadow
    mineral mirror mosaic mountain nectar nettle oasis ocean olive onyx orchard orchid otter oyster paddle palace parrot pebble pepper
    pigeon pillow planet pocket poppy prairie pumpkin quarry quartz rabbit raven ribbon river rocket saddle saffron salmon sapphire
    season shadow silver sparrow spider spring squirrel stable summit sunset swallow temple thistle thunder timber tulip tunnel turtle
    valley velvet village violet walnut willow window winter wizard zephyr zinc
    """
)

CITIES = _words(
    """
    Lisbon Oslo Vienna Porto Dublin Geneva Krakow Tallinn Riga Bergen Seville Naples Lyon Ghent Malmo Turin Cork Graz Basel Zagreb
    Sofia Athens Cardiff Leeds Denver Boston Austin Seattle Quito Lima Bogota Nairobi Accra Dakar Cairo Tunis Hanoi Manila Osaka Perth
    """
)

COLOURS = _words(
    """
    red blue green yellow white black orange purple brown pink grey
    """
)
