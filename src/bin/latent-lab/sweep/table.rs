//! A table as CSV and as Parquet.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

/// A column with a value for each row, which may be missing.
pub struct Column {
    pub name: String,
    pub values: Values,
}

/// Values of one type.
pub enum Values {
    Text(Vec<Option<String>>),
    Integer(Vec<Option<i64>>),
    Number(Vec<Option<f64>>),
    Flag(Vec<Option<bool>>),
}

impl Values {
    /// The value in a row, as CSV has it: nothing where it is missing.
    fn cell(&self, row: usize) -> String {
        let cell = match self {
            Self::Text(values) => values[row].clone(),
            Self::Integer(values) => values[row].map(|value| value.to_string()),
            Self::Number(values) => values[row].map(|value| value.to_string()),
            Self::Flag(values) => values[row].map(|value| value.to_string()),
        };
        cell.unwrap_or_default()
    }

    fn rows(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Integer(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Flag(values) => values.len(),
        }
    }
}

/// The table with a header, as RFC 4180 has it.
pub fn csv(columns: &[Column]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let rows = columns.first().map_or(0, |column| column.values.rows());
    let header = columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    let cells = |row| columns.iter().map(|column| column.values.cell(row)).collect();
    for record in [header].into_iter().chain((0..rows).map(cells)) {
        writer.write_record(&record).expect("all rows have as many cells, and memory takes them");
    }
    writer.into_inner().expect("memory takes what is left")
}

/// The table as a Parquet file with one row group, uncompressed.
pub fn parquet(columns: &[Column]) -> Vec<u8> {
    written(columns).expect("the columns are those of the schema, and memory takes them")
}

fn written(columns: &[Column]) -> Result<Vec<u8>> {
    let fields = columns.iter().map(field).collect::<Result<_>>()?;
    let schema = Arc::new(Type::group_type_builder("study").with_fields(fields).build()?);
    let properties = Arc::new(WriterProperties::builder().build());
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, properties)?;
    let mut group = file.next_row_group()?;
    for column in columns {
        let mut writer = group.next_column()?.expect("the schema has this column");
        write(&mut writer, &column.values)?;
        writer.close()?;
    }
    group.close()?;
    file.close()?;
    Ok(bytes)
}

fn field(column: &Column) -> Result<Arc<Type>> {
    let (physical, logical) = match column.values {
        Values::Text(_) => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        Values::Integer(_) => (PhysicalType::INT64, None),
        Values::Number(_) => (PhysicalType::DOUBLE, None),
        Values::Flag(_) => (PhysicalType::BOOLEAN, None),
    };
    let field = Type::primitive_type_builder(&column.name, physical).with_repetition(Repetition::OPTIONAL);
    Ok(Arc::new(field.with_logical_type(logical).build()?))
}

fn write(writer: &mut SerializedColumnWriter, values: &Values) -> Result<()> {
    match values {
        Values::Text(values) => {
            let texts: Vec<_> = values.iter().map(|text| text.as_deref().map(ByteArray::from)).collect();
            write_typed::<ByteArrayType>(writer, &texts)
        }
        Values::Integer(values) => write_typed::<Int64Type>(writer, values),
        Values::Number(values) => write_typed::<DoubleType>(writer, values),
        Values::Flag(values) => write_typed::<BoolType>(writer, values),
    }
}

/// The values that are there, with a definition level of 1 for each of them and 0 for each that is missing.
fn write_typed<T: DataType>(writer: &mut SerializedColumnWriter, values: &[Option<T::T>]) -> Result<()> {
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let present: Vec<T::T> = values.iter().flatten().cloned().collect();
    writer.typed::<T>().write_batch(&present, Some(&levels), None)?;
    Ok(())
}
