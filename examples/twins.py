"""A twin: a copy of a live session, to try something else from here on."""

import asyncio

import codeact


async def main() -> None:
    async with codeact.Session() as session:
        await session.arun("import random; random.seed(1); prices = [3, 1, 2]; open('log.txt', 'w').write('start')")

        async with await session.afork() as twin:
            tried, went_on = await asyncio.gather(
                twin.arun("prices.sort(); open('log.txt', 'a').write(' sorted'); prices, open('log.txt').read()"),
                session.arun("prices.append(4); prices, open('log.txt').read()"),
            )
            print(tried.result, went_on.result, sep="\n")
            print((await twin.arun("import os; os.abort()")).restored, (await session.arun("len(prices)")).result)


asyncio.run(main())
