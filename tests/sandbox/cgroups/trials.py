"""Trials of cgroups on a real hierarchy: each makes its own, starts real processes in it, and asserts what the kernel then does.

`main` runs as root: each trial is made twice, as root at the top of the hierarchy and as an ordinary user in a cgroup that was delegated
to it. It prints one line of JSON for each: whose, name, and what went wrong, empty if nothing did. It needs the controllers memory and
pids in cgroup v2.
"""

import json

from sandbox.cgroups import bounds, lives, places, sessions, stage

TOP, USERS = "root at the top", "a user in a delegated cgroup"

EVERYBODYS = (
    bounds.memory_is_bounded,
    bounds.memory_that_nobody_maps_is_bounded,
    bounds.pipes_are_bounded,
    bounds.sockets_are_bounded,
    bounds.a_fork_bomb_is_bounded,
    lives.nothing_leaves,
    lives.a_guest_in_namespaces_can_join,
    bounds.the_warden_hears_of_a_kill,
    bounds.the_warden_is_woken_when_memory_grows,
    bounds.kernel_memory_is_told_apart,
    lives.what_a_killed_host_left_is_swept,
    lives.what_is_only_named_alike_is_not_swept,
    lives.closing_ends_what_forks_without_end,
    lives.a_process_has_one_group,
    lives.a_session_that_cannot_be_made_says_so,
)
ROOTS = (places.what_is_not_delegated_is_left_alone, places.what_systemd_manages_is_left_alone, places.the_top_under_systemd_is_left_alone)
SESSIONS = (
    sessions.what_the_kernel_holds_for_a_session_counts,
    sessions.bytes_in_pipes_count,
    sessions.what_the_kernel_holds_counts_without_namespaces,
    sessions.the_kernel_bounds_a_session_whose_warden_stands_still,
    sessions.a_killing_by_the_kernel_is_told_as_the_limit,
    sessions.an_interpreter_that_is_started_again_has_another_cgroup,
    sessions.a_twin_outlives_its_original_and_is_bounded,
    sessions.doctor_says_that_it_is_in_force,
    sessions.sessions_of_a_killed_host_are_swept,
)
USERS_OWN = (
    places.processes_step_aside_once,
    places.who_started_the_host_moves_with_it,
    places.strangers_are_not_moved,
    places.what_cannot_be_arranged_is_put_back,
    sessions.an_ordinary_users_session_is_bounded_in_tier_strict,
    sessions.an_ordinary_users_session_is_bounded_in_tier_landlock,
)
_WHOSE = {TOP: EVERYBODYS + ROOTS + SESSIONS, USERS: EVERYBODYS + USERS_OWN}
TRIALS = {(who, trial.__name__): trial for who, trials in _WHOSE.items() for trial in trials}
"""Whose, and what."""


def main(python: str, *only: str) -> None:
    """Make all trials, or those named.

    Args:
        python: an interpreter with codeact that every user can run.
        only: names.
    """
    sessions.PYTHON[:] = [python]
    top = stage.own()
    place = stage.found()
    (top / "cgroup.subtree_control").write_text("+memory +pids")
    assert place.folder == top, "run it as root, at the top of the hierarchy"
    for (who, name), trial in TRIALS.items():
        if not only or name in only:
            print(json.dumps({"who": who, "name": name, "wrong": stage.made(who == USERS, trial, top)}), flush=True)
