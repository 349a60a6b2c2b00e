//! The order of the training images in batches.

use std::collections::HashSet;

use latent_lab::data::{Batches, Position};

#[test]
fn no_image_occurs_twice_in_an_epoch() {
    let mut batches = Batches::new(3, Position::default());
    let epoch: Vec<usize> = (0..7).flat_map(|_| batches.next(100, 14)).collect();
    assert_eq!(epoch.iter().collect::<HashSet<_>>().len(), 98);
    assert_eq!(batches.position(), Position { epoch: 0, image: 98 });
    batches.next(100, 14);
    assert_eq!(batches.position(), Position { epoch: 1, image: 14 });
}

#[test]
fn the_order_depends_on_epoch_and_seed() {
    let first = |seed, epoch| Batches::new(seed, Position { epoch, image: 0 }).next(1000, 50);
    assert_eq!(first(1, 0), first(1, 0));
    assert_ne!(first(1, 0), first(1, 1));
    assert_ne!(first(1, 0), first(2, 0));
}

#[test]
fn the_position_is_enough_to_resume() {
    let mut whole = Batches::new(3, Position::default());
    whole.next(100, 32);
    let mut resumed = Batches::new(3, whole.position());
    for _ in 0..6 {
        assert_eq!(whole.next(100, 32), resumed.next(100, 32));
    }
}

#[test]
fn a_batch_larger_than_the_data_set_repeats_it() {
    let batch = Batches::new(0, Position::default()).next(20, 128);
    assert_eq!(batch.len(), 128);
    assert_eq!(batch[..20], batch[20..40]);
}

#[test]
fn a_position_follows_from_the_epochs_done() {
    let mut batches = Batches::new(3, Position::default());
    for step in 1..=20 {
        let next = batches.next(100, 14);
        let before = Position::after(f64::from(step - 1) / 7.0, 100, 14);
        assert_eq!(Batches::new(3, before).next(100, 14), next);
    }
}
