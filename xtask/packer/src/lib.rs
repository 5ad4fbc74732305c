//! Packing a module for its way over the network: names and notes go, functions
//! with the same code become one, those with similar code stand side by side,
//! those that are called most come first, where their numbers are short, and what
//! is free (numbers of locals, hints of alignment) follows one rule, so that gzip
//! finds what functions share. What the module does stays the same.

mod order;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;

use anyhow::Context;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Function, FunctionSection, Instruction, MemArg, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, Operator, Parser, Payload, TypeRef,
    ValType,
};

/// So many functions come first. Numbers below 128 take one byte.
const FIRST: usize = 100;

/// The module as it is shipped.
///
/// # Errors
/// If it is not a module, or has what only the garbage collector knows.
pub fn pack(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut imported = 0;
    let (mut parameters, mut types, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    parameters.push(ty?.params().len() as u32);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::FunctionSection(section) => types = section.into_iter().collect::<Result<_, _>>()?,
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
    }
    let mut packer = Packer { order: Vec::new(), index: Vec::new(), parameters, types, locals: Vec::new() };
    let mut same: Vec<usize> = (0..bodies.len()).collect();
    // Functions that differ in whom they call are the same once those are.
    loop {
        packer.index = (0..imported).chain(same.iter().map(|i| imported + *i as u32)).collect();
        let codes = packer.codes(&bodies)?;
        let mut first = HashMap::new();
        let keys = packer.types.iter().zip(&codes).enumerate();
        let found: Vec<usize> = keys.map(|(i, key)| *first.entry(key).or_insert(i)).collect();
        if found == same {
            break;
        }
        same = found;
    }
    // Whom functions call does not make them similar: the numbers are not yet known.
    packer.index.fill(0);
    let codes = packer.codes(&bodies)?;
    let kept: Vec<usize> = same.iter().enumerate().filter_map(|(i, same)| (i == *same).then_some(i)).collect();
    let kept_codes: Vec<&[u8]> = kept.iter().filter_map(|i| codes.get(*i)).map(Vec::as_slice).collect();
    let similar = order::by_similarity(&kept_codes).into_iter().filter_map(|i| kept.get(i).copied());
    let most = most_called(&bodies, &same, imported)?;
    let (mut order, others): (Vec<usize>, Vec<usize>) = similar.partition(|i| most.contains(i));
    order.extend(others);
    let place: HashMap<usize, u32> = order.iter().copied().zip(imported..).collect();
    let index = same.iter().map(|i| place.get(i).copied()).collect::<Option<Vec<u32>>>();
    packer.index = (0..imported).chain(index.context("every function has a place")?).collect();
    packer.order = order;
    let mut packed = Module::new();
    packer.parse_core_module(&mut packed, Parser::new(0), module)?;
    Ok(packed.finish())
}

/// The functions that are called from most places.
fn most_called(bodies: &[FunctionBody<'_>], same: &[usize], imported: u32) -> anyhow::Result<BTreeSet<usize>> {
    let mut calls = vec![0_u32; same.len()];
    for body in same.iter().enumerate().filter(|(i, same)| i == *same).filter_map(|(i, _)| bodies.get(i)) {
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            if let Operator::Call { function_index } = operators.read()?
                && let Some(i) = function_index.checked_sub(imported).and_then(|i| same.get(i as usize))
                && let Some(calls) = calls.get_mut(*i)
            {
                *calls += 1;
            }
        }
    }
    let mut most: Vec<usize> = (0..calls.len()).collect();
    most.sort_by_key(|i| Reverse(calls.get(*i).copied()));
    Ok(most.into_iter().take(FIRST).collect())
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
    /// The new number of each local of the current function.
    locals: Vec<u32>,
}

impl Packer {
    /// The code of all functions, written again.
    fn codes(&mut self, bodies: &[FunctionBody<'_>]) -> anyhow::Result<Vec<Vec<u8>>> {
        let types = self.types.clone();
        types.into_iter().zip(bodies).map(|(ty, body)| Ok(self.function(ty, body)?.into_raw_body())).collect()
    }

    /// Writes a function again, the locals that it uses by type and number of uses.
    fn function(&mut self, ty: u32, body: &FunctionBody<'_>) -> Result<Function, Error<Infallible>> {
        let parameters = self.parameters.get(ty as usize).copied().unwrap_or(0);
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
                other => aligned(other),
            });
        }
        Ok(function)
    }
}

/// Gives an access to memory the natural hint of alignment. The compiler says the
/// least that it can prove, which depends on the place; engines go without.
fn aligned(instruction: Instruction<'_>) -> Instruction<'_> {
    use Instruction as I;
    let natural = |align: u32, access: MemArg| MemArg { align, ..access };
    match instruction {
        I::I32Load16S(access) => I::I32Load16S(natural(1, access)),
        I::I32Load16U(access) => I::I32Load16U(natural(1, access)),
        I::I64Load16S(access) => I::I64Load16S(natural(1, access)),
        I::I64Load16U(access) => I::I64Load16U(natural(1, access)),
        I::I32Store16(access) => I::I32Store16(natural(1, access)),
        I::I64Store16(access) => I::I64Store16(natural(1, access)),
        I::I32Load(access) => I::I32Load(natural(2, access)),
        I::I64Load32S(access) => I::I64Load32S(natural(2, access)),
        I::I64Load32U(access) => I::I64Load32U(natural(2, access)),
        I::I32Store(access) => I::I32Store(natural(2, access)),
        I::I64Store32(access) => I::I64Store32(natural(2, access)),
        I::F32Load(access) => I::F32Load(natural(2, access)),
        I::F32Store(access) => I::F32Store(natural(2, access)),
        I::I64Load(access) => I::I64Load(natural(3, access)),
        I::I64Store(access) => I::I64Store(natural(3, access)),
        I::F64Load(access) => I::F64Load(natural(3, access)),
        I::F64Store(access) => I::F64Store(natural(3, access)),
        other => other,
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
                code.function(&self.function(*ty, body)?);
            }
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error<Infallible>> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use wasm_encoder::{
        ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, ImportSection, MemArgTarget,
        MemoryType, NameMap, NameSection, RefType, TableSection, TableType, TypeSection, ValType,
    };
    use wasmparser::{ElementItems, ExternalKind};

    use super::*;

    #[test]
    fn only_imported_functions_have_numbers_of_functions() {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([ValType::I32], []);
        let mut imports = ImportSection::new();
        let memory = MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        imports.import("host", "memory", memory).import("host", "log", EntityType::Function(1));
        let mut functions = FunctionSection::new();
        functions.function(0).function(1);
        let (mut first, mut second) = (Function::new([]), Function::new([]));
        first.instructions().i32_const(7).call(2).end();
        second.instructions().local_get(0).call(0).end();
        let mut code = CodeSection::new();
        code.function(&first).function(&second);
        module.section(&types).section(&imports).section(&functions).section(&code);
        let packed = pack(&module.finish()).unwrap();
        let mut calls = BTreeMap::new();
        for payload in Parser::new(0).parse_all(&packed) {
            if let Payload::CodeSectionEntry(body) = payload.unwrap() {
                let number = calls.len() as u32 + 1;
                let callee = body.get_operators_reader().unwrap().into_iter().find_map(|operator| match operator {
                    Ok(Operator::Call { function_index }) => Some(function_index),
                    _ => None,
                });
                calls.insert(number, callee.unwrap());
            }
        }
        let logs = calls.iter().find(|(_, callee)| **callee == 0).map(|(number, _)| *number);
        let other = calls.iter().find(|(_, callee)| **callee != 0).map(|(_, callee)| *callee);
        assert_eq!((calls.len(), other), (2, logs));
    }

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
    /// The operators of each function.
    fn operators(module: &[u8]) -> Vec<Vec<Operator<'_>>> {
        let bodies = Parser::new(0).parse_all(module).flatten().filter_map(|payload| match payload {
            Payload::CodeSectionEntry(body) => body.get_operators_reader().ok(),
            _ => None,
        });
        bodies.map(|reader| reader.into_iter().flatten().collect()).collect()
    }

    #[test]
    fn callers_of_the_same_are_the_same() {
        let mut module = Module::new();
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([], []);
        // 0 and 1 are the same, so 2 and 3 are, so 4 calls one function twice.
        for calls in [&[][..], &[], &[0], &[1], &[2, 3]] {
            functions.function(0);
            let mut f = Function::new([]);
            let mut body = f.instructions();
            for callee in calls {
                body.call(*callee);
            }
            body.end();
            code.function(&f);
        }
        module.section(&types).section(&functions).section(&code);
        let packed = pack(&module.finish()).unwrap_or_else(|e| panic!("{e}"));
        let operators = operators(&packed);
        let mut lengths: Vec<usize> = operators.iter().map(Vec::len).collect();
        lengths.sort_unstable();
        assert_eq!(lengths, [1, 2, 3]);
        let twice = operators.iter().find(|ops| ops.len() == 3);
        assert!(matches!(twice.map(Vec::as_slice), Some([a, b, _]) if format!("{a:?}") == format!("{b:?}")));
    }

    #[test]
    fn hints_of_alignment_are_natural() {
        let mut module = Module::new();
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([ValType::I32], []);
        functions.function(0);
        let mut f = Function::new([]);
        let at = |align| MemArg { offset: 8, align, target: MemArgTarget::Memory(0), ordering: None };
        let mut body = f.instructions();
        body.local_get(0).local_get(0).i64_load(at(0)).i64_store32(at(1)).local_get(0).i32_load8_u(at(0)).drop();
        body.local_get(0).f64_load(at(2)).drop().end();
        code.function(&f);
        module.section(&types).section(&functions).section(&code);
        let packed = pack(&module.finish()).unwrap_or_else(|e| panic!("{e}"));
        let operators = operators(&packed).concat();
        let accesses = operators.iter().filter_map(|op| match op {
            Operator::I64Load { memarg }
            | Operator::I64Store32 { memarg }
            | Operator::I32Load8U { memarg }
            | Operator::F64Load { memarg } => Some((memarg.align, memarg.offset)),
            _ => None,
        });
        assert_eq!(accesses.collect::<Vec<_>>(), [(3, 8), (2, 8), (0, 8), (3, 8)]);
    }
}
