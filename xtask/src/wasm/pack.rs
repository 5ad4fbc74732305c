//! Packing a module for its way over the network: names and notes go, functions
//! with the same code become one, those with similar code stand side by side,
//! and locals are numbered by one rule, so that gzip finds what they share. What
//! the module does stays the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;

use anyhow::Context;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Function, FunctionSection, Instruction, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, Operator, Parser, Payload, ValType,
};

/// The module as it is shipped.
pub(super) fn pack(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut imported = 0;
    let (mut parameters, mut types, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    parameters.push(ty?.params().len() as u32);
                }
            }
            Payload::ImportSection(imports) => imported = imports.count(),
            Payload::FunctionSection(section) => types = section.into_iter().collect::<Result<_, _>>()?,
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
    }
    let mut first = HashMap::new();
    let same: Vec<usize> = types
        .iter()
        .zip(&bodies)
        .enumerate()
        .map(|(i, key)| *first.entry((key.0, key.1.as_bytes())).or_insert(i))
        .collect();
    let kept: Vec<usize> = same.iter().enumerate().filter_map(|(i, same)| (i == *same).then_some(i)).collect();
    let codes: Vec<&[u8]> = kept.iter().filter_map(|i| bodies.get(*i)).map(FunctionBody::as_bytes).collect();
    let order: Vec<usize> = by_similarity(&codes).iter().filter_map(|i| kept.get(*i).copied()).collect();
    let place: HashMap<usize, u32> = order.iter().copied().zip(imported..).collect();
    let index = same.iter().map(|i| place.get(i).copied()).collect::<Option<Vec<u32>>>();
    let index = (0..imported).chain(index.context("every function has a place")?).collect();
    let mut packer = Packer { order, index, parameters, types, locals: Vec::new() };
    let mut packed = Module::new();
    packer.parse_core_module(&mut packed, Parser::new(0), module)?;
    Ok(packed.finish())
}

/// Writes the module again, its functions in another order.
struct Packer {
    /// Which functions there are, by their old places after the imported ones.
    order: Vec<usize>,
    /// The new index of each old one.
    index: Vec<u32>,
    /// How many parameters functions of each type have.
    parameters: Vec<u32>,
    /// The type of each function.
    types: Vec<u32>,
    /// The new number of each local of the function at hand.
    locals: Vec<u32>,
}

impl Packer {
    /// Writes a function again, the locals that it uses by type and number of uses.
    fn function(&mut self, parameters: u32, body: &FunctionBody<'_>) -> Result<Function, Error<Infallible>> {
        let mut types = Vec::new();
        for declared in body.get_locals_reader()? {
            let (count, ty) = declared?;
            types.extend((0..count).map(|_| ty));
        }
        let mut uses = vec![0_u32; types.len()];
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            if let Some(i) = local(&operators.read()?)
                && let Some(uses) = i.checked_sub(parameters).and_then(|i| uses.get_mut(i as usize))
            {
                *uses += 1;
            }
        }
        let mut used: Vec<_> = (0..).zip(types).zip(uses).filter(|(_, uses)| *uses > 0).collect();
        used.sort_by_key(|((_, ty), uses)| (rank(*ty), Reverse(*uses)));
        self.locals = (0..parameters).collect();
        let mut runs: Vec<(u32, wasm_encoder::ValType)> = Vec::new();
        for (new, ((old, ty), _)) in (parameters..).zip(used) {
            let old = parameters as usize + old;
            self.locals.resize(self.locals.len().max(old + 1), u32::MAX);
            if let Some(slot) = self.locals.get_mut(old) {
                *slot = new;
            }
            let ty = self.val_type(ty)?;
            match runs.last_mut() {
                Some((count, last)) if *last == ty => *count += 1,
                _ => runs.push((1, ty)),
            }
        }
        let mut function = Function::new(runs);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let instruction = self.parse_instruction(&mut operators)?;
            let new = |i: u32| self.locals.get(i as usize).copied().unwrap_or(i);
            function.instruction(&match instruction {
                Instruction::LocalGet(i) => Instruction::LocalGet(new(i)),
                Instruction::LocalSet(i) => Instruction::LocalSet(new(i)),
                Instruction::LocalTee(i) => Instruction::LocalTee(new(i)),
                other => other,
            });
        }
        Ok(function)
    }
}

/// The local that an operator is about.
fn local(operator: &Operator<'_>) -> Option<u32> {
    match operator {
        Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } => Some(*local_index),
        _ => None,
    }
}

/// In which order locals of different types stand.
fn rank(ty: ValType) -> u8 {
    match ty {
        ValType::I32 => 0,
        ValType::I64 => 1,
        ValType::F32 => 2,
        ValType::F64 => 3,
        ValType::V128 => 4,
        ValType::Ref(_) => 5,
    }
}

impl Reencode for Packer {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.index.get(function as usize).copied().unwrap_or(function))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for ty in self.order.iter().filter_map(|i| self.types.get(*i)) {
            functions.function(*ty);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for i in self.order.clone() {
            if let (Some(ty), Some(body)) = (self.types.get(i), bodies.get(i)) {
                let parameters = self.parameters.get(*ty as usize).copied().unwrap_or(0);
                code.function(&self.function(parameters, body)?);
            }
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error<Infallible>> {
        Ok(())
    }
}

/// How many bytes in a row two functions must share to count as similar.
const SHINGLE: usize = 5;
/// How many rows stand for a function.
const SKETCH: usize = 1000;
/// Rows in so many functions say nothing.
const COMMON: usize = 300;

/// An order in which each is followed by the one, of those left, that has most
/// rows of bytes in common with it.
fn by_similarity(codes: &[&[u8]]) -> Vec<usize> {
    let sketches: Vec<BTreeSet<u64>> = codes.iter().map(|code| sketch(code)).collect();
    let mut holders: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (i, sketch) in sketches.iter().enumerate() {
        for row in sketch {
            holders.entry(*row).or_default().push(i);
        }
    }
    holders.retain(|_, holders| holders.len() < COMMON);
    let mut left: BTreeSet<usize> = (0..codes.len()).collect();
    let mut order = Vec::new();
    while let Some(start) = left.pop_first() {
        order.push(start);
        let mut current = start;
        while let Some(next) = nearest(current, &sketches, &holders, &left) {
            left.remove(&next);
            order.push(next);
            current = next;
        }
    }
    order
}

/// The one that shares most with the current one, measured by what both have.
fn nearest(
    current: usize,
    sketches: &[BTreeSet<u64>],
    holders: &BTreeMap<u64, Vec<usize>>,
    left: &BTreeSet<usize>,
) -> Option<usize> {
    let own = sketches.get(current)?;
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for holder in own.iter().filter_map(|row| holders.get(row)).flatten().filter(|i| left.contains(i)) {
        *shared.entry(*holder).or_default() += 1;
    }
    let score = |i: usize, shared: usize| {
        let all = own.len() + sketches.get(i).map_or(0, BTreeSet::len) - shared;
        shared as f64 / all.max(1) as f64
    };
    // The first of equals, so that the order is always the same.
    let best = shared.into_iter().rev().max_by(|a, b| score(a.0, a.1).total_cmp(&score(b.0, b.1)));
    best.map(|(i, _)| i)
}

/// The smallest hashes of a function's rows of bytes.
fn sketch(code: &[u8]) -> BTreeSet<u64> {
    let rows: BTreeSet<u64> = code.windows(SHINGLE).map(hash).collect();
    rows.into_iter().take(SKETCH).collect()
}

/// FNV-1a, mixed once more so that small hashes are picked evenly.
fn hash(row: &[u8]) -> u64 {
    let hash = row.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        ConstExpr, ElementSection, Elements, ExportKind, ExportSection, NameMap, NameSection, RefType, TableSection,
        TableType, TypeSection, ValType,
    };
    use wasmparser::{ElementItems, ExternalKind};

    use super::*;

    /// A module whose functions each give a number; the last calls all others.
    fn numbers(numbers: &[i64]) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I64]);
        let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        for (i, number) in (0..).zip(numbers) {
            functions.function(0);
            exports.export(&format!("f{i}"), ExportKind::Func, i);
            let mut f = Function::new([]);
            f.instructions().i64_const(*number).end();
            code.function(&f);
        }
        functions.function(0);
        let count = numbers.len() as u32;
        exports.export("all", ExportKind::Func, count);
        let mut f = Function::new([]);
        let mut body = f.instructions();
        body.i64_const(0);
        for i in 0..count {
            body.call(i).i64_add();
        }
        body.end();
        code.function(&f);
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            minimum: 9,
            maximum: None,
            table64: false,
            shared: false,
        });
        let mut elements = ElementSection::new();
        let all: Vec<u32> = (0..count).collect();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(all.into()));
        let (mut names, mut map) = (NameSection::new(), NameMap::new());
        map.append(0, "a name");
        names.functions(&map);
        module.section(&types).section(&functions).section(&tables).section(&exports).section(&elements);
        module.section(&code).section(&names);
        module.finish()
    }

    /// What each exported function gives, what each place of the table gives,
    /// and how many functions there are.
    fn read(module: &[u8]) -> (BTreeMap<String, Vec<i64>>, Vec<i64>, usize) {
        let (mut exports, mut bodies, mut table) = (Vec::new(), Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap_or_else(|e| panic!("{e}")) {
                Payload::ExportSection(section) => exports.extend(section.into_iter().flatten()),
                Payload::CodeSectionEntry(body) => bodies.push(body),
                Payload::ElementSection(section) => {
                    for element in section.into_iter().flatten() {
                        if let ElementItems::Functions(functions) = element.items {
                            table.extend(functions.into_iter().flatten());
                        }
                    }
                }
                Payload::CustomSection(_) => panic!("names were to go"),
                _ => {}
            }
        }
        let body = |i: u32| -> Vec<Operator<'_>> {
            let reader = bodies.get(i as usize).and_then(|body| body.get_operators_reader().ok());
            reader.into_iter().flatten().flatten().collect()
        };
        let gives = |i: u32| -> Vec<i64> {
            let constants = |ops: Vec<Operator<'_>>| {
                ops.into_iter()
                    .filter_map(|op| if let Operator::I64Const { value } = op { Some(value) } else { None })
                    .next()
            };
            let called = body(i).into_iter().filter_map(|op| match op {
                Operator::Call { function_index } => constants(body(function_index)),
                _ => None,
            });
            constants(body(i)).into_iter().chain(called).collect()
        };
        let exports = exports.into_iter().filter(|e| e.kind == ExternalKind::Func);
        let exports = exports.map(|e| (e.name.to_owned(), gives(e.index))).collect();
        (exports, table.into_iter().flat_map(gives).collect(), bodies.len())
    }

    #[test]
    fn functions_move_and_everybody_finds_them() {
        let given = [1, 70_000_000_000, 2, 70_000_000_001, 1, 3, 70_000_000_000];
        let packed = pack(&numbers(&given)).unwrap_or_else(|e| panic!("{e}"));
        let (exports, table, count) = read(&packed);
        for (i, number) in given.iter().enumerate() {
            assert_eq!(exports.get(&format!("f{i}")), Some(&vec![*number]));
        }
        let all: Vec<i64> = [0].into_iter().chain(given).collect();
        assert_eq!(exports.get("all"), Some(&all));
        assert_eq!(table, given);
        // 1 and 70 000 000 000 are there twice.
        assert_eq!(count, given.len() + 1 - 2);
        assert_eq!(pack(&numbers(&given)).ok(), Some(packed));
    }

    #[test]
    fn locals_are_numbered_by_type_and_use() {
        let mut module = Module::new();
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([ValType::F64], []);
        functions.function(0);
        // After the parameter: one that nobody uses, then of two types in turns.
        let mut f = Function::new([(2, ValType::I64), (1, ValType::I32), (1, ValType::I64), (1, ValType::I32)]);
        f.instructions()
            .local_get(2)
            .local_set(4)
            .local_get(3)
            .local_set(5)
            .local_get(5)
            .drop()
            .local_get(0)
            .drop()
            .end();
        code.function(&f);
        module.section(&types).section(&functions).section(&code);
        let packed = pack(&module.finish()).unwrap_or_else(|e| panic!("{e}"));
        let (mut declared, mut used) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(&packed).flatten() {
            if let Payload::CodeSectionEntry(body) = payload {
                declared.extend(body.get_locals_reader().into_iter().flatten().flatten());
                used.extend(body.get_operators_reader().into_iter().flatten().flatten().filter_map(|op| local(&op)));
            }
        }
        assert_eq!(declared, [(2, wasmparser::ValType::I32), (2, wasmparser::ValType::I64)]);
        assert_eq!(used, [3, 4, 2, 1, 1, 0]);
    }

    #[test]
    fn the_similar_stand_together() {
        let (a, b) = ([7; 40], [9; 40]);
        let (mut a2, mut b2) = (a, b);
        (a2[20], b2[20]) = (1, 2);
        assert_eq!(by_similarity(&[&a, &b, &a2, &b2]), [0, 2, 1, 3]);
    }
}
