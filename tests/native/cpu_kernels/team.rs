//! A team of threads does every part of a loop once, whoever else asks, and does not hide that a thread has died.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;

use latent_lab::kernels::cpu::team::Team;

/// A team of `threads`, with those of them that wait for work. They end with the program.
fn team_of(threads: usize) -> &'static Team {
    let team: &'static Team = Box::leak(Box::new(Team::new()));
    for _ in 1..threads {
        thread::spawn(|| {
            if catch_unwind(AssertUnwindSafe(|| team.serve())).is_err() {
                team.thread_failed();
            }
        });
    }
    while team.threads() < threads {
        thread::yield_now();
    }
    team
}

/// How often each of `parts` was done.
fn counts(team: &Team, parts: usize) -> Vec<usize> {
    let counts: Vec<_> = (0..parts).map(|_| AtomicUsize::new(0)).collect();
    team.run(parts, &|part| {
        counts[part].fetch_add(1, Relaxed);
    });
    counts.into_iter().map(AtomicUsize::into_inner).collect()
}

#[test]
fn every_part_is_done_once() {
    for threads in [1, 2, 5] {
        let team = team_of(threads);
        for round in 0..2000 {
            let parts = round % 23;
            assert_eq!(counts(team, parts), vec![1; parts]);
        }
    }
}

#[test]
fn what_the_threads_write_is_there_when_the_loop_ends() {
    let team = team_of(4);
    let places: Vec<_> = (0..64).map(|_| Mutex::new(0)).collect();
    for round in 1..500 {
        team.run(places.len(), &|part| *places[part].lock().expect("no part panics") += part);
        for (part, place) in places.iter().enumerate() {
            assert_eq!(*place.lock().expect("no part panics"), part * round);
        }
    }
}

#[test]
fn a_loop_inside_another_and_loops_of_several_threads_are_done_whole() {
    let team = team_of(3);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let done = AtomicUsize::new(0);
                    team.run(5, &|_| {
                        done.fetch_add(counts(team, 7).iter().sum(), Relaxed);
                    });
                    assert_eq!(done.into_inner(), 35);
                }
            });
        }
    });
}

#[test]
fn a_thread_that_has_slept_is_woken() {
    let team = team_of(2);
    let (asked, answered) = (AtomicBool::new(false), AtomicBool::new(false));
    for _ in 0..20 {
        while team.asleep() == 0 {
            thread::yield_now();
        }
        for flag in [&asked, &answered] {
            flag.store(false, Relaxed);
        }
        // Each part waits for the other: one thread alone would not end.
        team.run(2, &|part| {
            let (mine, other) = if part == 0 { (&asked, &answered) } else { (&answered, &asked) };
            mine.store(true, Relaxed);
            while !other.load(Relaxed) {
                thread::yield_now();
            }
        });
    }
}

#[test]
fn a_loop_in_which_a_thread_has_died_fails() {
    let team = team_of(2);
    let owner = thread::current().id();
    let died = AtomicBool::new(false);
    let run = AssertUnwindSafe(|| {
        team.run(2, &|_| {
            if thread::current().id() != owner {
                died.store(true, Relaxed);
                std::panic::resume_unwind(Box::new("as a trap in a worker"));
            }
            while !died.load(Relaxed) {
                thread::yield_now();
            }
        });
    });
    let message = catch_unwind(run).expect_err("a part is not done");
    assert_eq!(message.downcast_ref(), Some(&"a thread of the team has died"));
}

#[test]
fn a_loop_whose_own_part_panics_ends_and_the_next_one_is_done() {
    let team = team_of(3);
    let owner = thread::current().id();
    let run = AssertUnwindSafe(|| {
        team.run(64, &|_| {
            if thread::current().id() == owner {
                std::panic::resume_unwind(Box::new("of its own"));
            }
            thread::yield_now();
        });
    });
    let _ = catch_unwind(run); // unless the others were quicker
    assert_eq!(counts(team, 9), vec![1; 9]);
}
