//! Reads tensors and parameters back from the device. In the browser nothing may block on the GPU, so all of it is async; on
//! the CPU the futures are ready immediately.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Tensor, Transaction};

use crate::{Error, Result};

/// A named parameter, on the host.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedTensor {
    /// Its path in the model, such as `encoder.mean.weight`.
    pub name: String,
    /// Its sizes, outermost first.
    pub shape: Vec<usize>,
    /// All values, row by row.
    pub values: Vec<f32>,
}

/// Endings of the names of running statistics, which have no gradient.
const RUNNING: [&str; 6] = ["running_mean", "running_var", "counts", "fitted.mean", "fitted.variance", "fitted.weight"];

impl NamedTensor {
    /// Whether these are running statistics rather than weights.
    pub fn is_running_statistic(&self) -> bool {
        RUNNING.iter().any(|ending| self.name.ends_with(ending))
    }
}

/// The result of a future: on the CPU it is ready immediately, for a read on the GPU this thread waits.
///
/// # Panics
/// In a browser, where nothing may wait, when the future is not ready.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending if cfg!(target_arch = "wasm32") => {
                panic!("this future waits for the GPU and has to be awaited")
            }
            Poll::Pending => std::thread::park(),
        }
    }
}

/// Reads several tensors in one round trip; returns the values of each, row by row.
///
/// # Errors
/// When the device is lost.
pub async fn read<const D: usize>(tensors: Vec<Tensor<D>>) -> Result<Vec<Vec<f32>>> {
    let transaction = tensors.into_iter().fold(Transaction::default(), |all, tensor| all.register(tensor));
    let data =
        transaction.execute_async().await.map_err(|error| Error::DeviceLost { detail: format!("{error:?}").into() })?;
    Ok(data.into_iter().map(|data| data.try_into_vec().expect("every tensor here holds f32")).collect())
}

/// Reads every parameter of a model, named by its path (`encoder.mean.weight`).
///
/// # Errors
/// When the device is lost.
pub async fn parameters<M: Module>(model: &M) -> Result<Vec<NamedTensor>> {
    let mut list = Parameters::default();
    model.visit(&mut list);
    let values = read(list.flat).await?;
    let named = list.named.into_iter().zip(values);
    Ok(named.map(|((name, shape), values)| NamedTensor { name, shape, values }).collect())
}

/// Names and shapes of a model's parameters, in the order in which it visits them.
pub fn layout<M: Module>(model: &M) -> Vec<(String, Vec<usize>)> {
    let mut list = Parameters::default();
    model.visit(&mut list);
    list.named
}

/// Collects names, shapes and values of parameters.
#[derive(Default)]
struct Parameters {
    path: Vec<String>,
    named: Vec<(String, Vec<usize>)>,
    flat: Vec<Tensor<1>>,
}

impl ModuleVisitor for Parameters {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val().inner();
        self.named.push((self.path.join("."), value.dims().to_vec()));
        self.flat.push(value.flatten(0, D - 1));
    }
}
