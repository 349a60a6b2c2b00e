//! A team of threads that share one loop at a time: in the browser, where a thread is a worker with the memory of the trainer's.
//!
//! A training step is a dozen loops of a tenth of a millisecond to one, with little between them. rayon, which shares loops natively, lets a thread
//! sleep as soon as it finds nothing to do; here it watches for the next loop first, because browsers take long to wake a worker.

use std::cell::{Cell, UnsafeCell};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize};
use std::sync::{Condvar, Mutex};

/// How often a thread reads the state before it sleeps: some 50 microseconds.
const SPINS: usize = 30_000;

/// A part that nobody has taken yet, in a team's state.
const PART: u32 = 1 << 16;

/// Most parts of a loop.
pub const MOST_PARTS: usize = (PART - 1) as usize;

/// Shares of a loop; where a team has more threads, some have no share of their own.
const SHARES: usize = 16;

/// Threads that wait for loops of the one that owns them.
pub struct Team {
    members: AtomicUsize, // threads in `serve`
    owned: AtomicBool,    // a loop is under way
    failed: AtomicBool,   // a thread has panicked in a part, which is not done
    /// Parts that nobody has taken, as multiples of [`PART`], and below that the number of threads that work on one. A thread enters with the first
    /// part that it takes, so while the state is zero no thread uses `part`, nor can it enter.
    state: AtomicU32,
    part: UnsafeCell<&'static Part<'static>>,
    /// The parts of each thread's share that nobody has begun: the first, as a multiple of [`PART`], and the end.
    shares: [AtomicU32; SHARES],
    asleep: AtomicUsize,
    sleep: Mutex<()>,
    changed: Condvar,
}

/// Does the part of this number.
type Part<'a> = dyn Fn(usize) + Sync + 'a;

// SAFETY: `part` is written by the one thread that has set `owned`, while the state is zero, and read by threads that have taken a part since.
unsafe impl Sync for Team {}

thread_local! {
    /// Whether this thread is counted in the state of its team.
    static ENTERED: Cell<bool> = const { Cell::new(false) };
    /// The number of this thread in its team; the one that owns a loop is the first.
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

impl Team {
    /// A team without members.
    #[allow(clippy::new_without_default, reason = "a constant")]
    pub const fn new() -> Self {
        Self {
            members: AtomicUsize::new(0),
            owned: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            state: AtomicU32::new(0),
            part: UnsafeCell::new(&|_| ()),
            shares: [const { AtomicU32::new(0) }; SHARES],
            asleep: AtomicUsize::new(0),
            sleep: Mutex::new(()),
            changed: Condvar::new(),
        }
    }

    /// Threads that work on a loop: the members, and the one that asks.
    pub fn threads(&self) -> usize {
        1 + self.members.load(Relaxed)
    }

    /// Threads that sleep until the next loop begins, or this one ends.
    pub fn asleep(&self) -> usize {
        self.asleep.load(Relaxed)
    }

    /// Does the parts `0..parts`, each once, on all threads: each has an equal share, and helps others when it has done that. Inside another loop of the same team, or beside one, this thread does them all.
    ///
    /// # Panics
    /// When a member has died in a part.
    pub fn run(&self, parts: usize, part: &Part<'_>) {
        assert!(parts <= MOST_PARTS, "a loop has at most {MOST_PARTS} parts");
        if parts == 0 || self.threads() == 1 || self.owned.swap(true, Acquire) {
            return (0..parts).for_each(part);
        }
        // Also where a part panics: the others still use it.
        let _end = End(self);
        // SAFETY: this thread owns the team, whose state is zero. `part` outlives the loop, because the loop ends before this function does.
        unsafe { *self.part.get() = std::mem::transmute::<&Part<'_>, &'static Part<'static>>(part) };
        let threads = self.threads().min(SHARES);
        let begin = |share| (share * parts / threads) as u32;
        for (number, share) in self.shares.iter().enumerate() {
            share.store(if number < threads { begin(number) * PART + begin(number + 1) } else { 0 }, Relaxed);
        }
        self.state.store(parts as u32 * PART, SeqCst);
        self.wake();
        self.work();
    }

    /// Works on every loop of this team from now on.
    pub fn serve(&self) -> ! {
        NUMBER.set(1 + self.members.fetch_add(1, Relaxed));
        loop {
            self.wait_until(|state| state >= PART);
            self.work();
        }
    }

    /// To be called by a thread whose [`serve`](Self::serve) has ended by a panic: the loop that it left ends with a panic as well.
    pub fn thread_failed(&self) {
        self.members.fetch_sub(1, Relaxed);
        if ENTERED.replace(false) {
            self.failed.store(true, Relaxed);
            self.leave();
        }
    }

    /// Does parts until none is left.
    fn work(&self) {
        if !self.take(1) {
            return;
        }
        ENTERED.set(true);
        // SAFETY: this thread has taken a part, so the owner has written `part` before, and waits for it.
        let part = unsafe { *self.part.get() };
        loop {
            part(self.taken());
            if !self.take(0) {
                break;
            }
        }
        ENTERED.set(false);
        self.leave();
    }

    /// Takes a part, if there is one, for a thread that enters, 1, or has entered, 0.
    fn take(&self, entering: u32) -> bool {
        let taken = |state: u32| state.checked_sub(PART).map(|left| left + entering);
        self.state.fetch_update(AcqRel, Acquire, taken).is_ok()
    }

    /// Which part this thread has taken: the first of its own share, else the last of another.
    fn taken(&self) -> usize {
        let own = NUMBER.get() % SHARES;
        let mut found = (0..SHARES).filter_map(|n| {
            let begun = |share: u32| {
                let is_left = share / PART < share % PART;
                is_left.then(|| if n == 0 { share + PART } else { share - 1 })
            };
            let share = self.shares[(own + n) % SHARES].fetch_update(Relaxed, Relaxed, begun).ok()?;
            Some(if n == 0 { share / PART } else { share % PART - 1 } as usize)
        });
        found.next().expect("shares have as many parts as can be taken")
    }

    fn leave(&self) {
        if self.state.fetch_sub(1, SeqCst) == 1 {
            self.wake();
        }
    }

    /// Spins until the state is `ready`; sleeps where that takes long.
    fn wait_until(&self, ready: impl Fn(u32) -> bool) {
        for _ in 0..SPINS {
            if ready(self.state.load(Acquire)) {
                return;
            }
            std::hint::spin_loop();
        }
        let mut guard = self.sleep.lock().expect("no thread panics while it holds the lock");
        self.asleep.fetch_add(1, SeqCst);
        while !ready(self.state.load(SeqCst)) {
            guard = self.changed.wait(guard).expect("as above");
        }
        self.asleep.fetch_sub(1, SeqCst);
    }

    /// Wakes the threads that sleep: whoever goes to sleep after this has seen the present state.
    fn wake(&self) {
        if self.asleep.load(SeqCst) > 0 {
            drop(self.sleep.lock());
            self.changed.notify_all();
        }
    }
}

/// Ends the loop that this thread owns, once no thread works on it.
struct End<'a>(&'a Team);

impl Drop for End<'_> {
    fn drop(&mut self) {
        let Self(team) = self;
        if ENTERED.replace(false) {
            team.leave(); // a part has panicked
        }
        team.wait_until(|state| state == 0);
        team.owned.store(false, Release);
        assert!(!team.failed.load(Relaxed) || std::thread::panicking(), "a thread of the team has died");
    }
}
