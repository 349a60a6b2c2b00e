//! Reads tensors and parameters back from the device. In the browser nothing may block on the GPU, so all of it is async; on
//! the CPU the futures are ready immediately.

use std::task::{Context, Poll, Waker};

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

/// The result of a future that is ready immediately, like every read on the CPU.
///
/// # Panics
/// When the future has to wait, like a read on the GPU.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("this future waits for the GPU and has to be awaited"),
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
