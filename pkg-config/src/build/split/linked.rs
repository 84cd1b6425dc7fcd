//! Who refers to which data. The linker tells (`--emit-relocs`): every piece of data, by its place and length, and every
//! place in a function or in another piece where an address of it is written.

use super::unknown;
use crate::process::Failure;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use wasmparser::{
    BinaryReaderError, DataKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationEntry,
    RelocationType, SymbolInfo, TypeRef,
};

/// Constants lie in the segment of this name, and nothing writes there.
const CONSTANTS: &str = ".rodata";

/// The linker's module, as far as it tells who refers to what.
pub struct Linked {
    /// Address of the segment of constants.
    pub from: u32,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The pieces of all segments: where each lies, and the pieces whose addresses it holds.
    pieces: Vec<(Range<u32>, BTreeSet<usize>)>,
    /// The pieces that each function refers to, by its name.
    functions: BTreeMap<String, BTreeSet<usize>>,
}

impl Linked {
    /// Reads what the linker made.
    pub fn read(linked: &[u8]) -> Result<Linked, Failure> {
        let sections = Sections::read(linked).map_err(|e| unknown(&format!("the linker's module: {e}")))?;
        sections.linked()
    }

    /// The parts of the segment that no function of these names refers to, by itself or by other pieces. A name that
    /// the linker did not know is a function that the bindings made; `addresses` are the constants in such functions.
    pub fn unused_by(&self, names: &BTreeSet<&str>, addresses: &BTreeSet<u32>) -> Vec<Range<u32>> {
        let named = names.iter().filter_map(|name| self.functions.get(*name)).flatten();
        let by_address = |address: &u32| {
            let pieces = self.pieces.iter().enumerate();
            let found: Vec<usize> = pieces
                .filter(|(_, (place, _))| place.contains(address))
                .map(|(n, _)| n)
                .collect();
            found
        };
        let mut todo: Vec<usize> = named.copied().chain(addresses.iter().flat_map(by_address)).collect();
        let mut used: BTreeSet<usize> = BTreeSet::new();
        while let Some(piece) = todo.pop() {
            if used.insert(piece) {
                todo.extend(self.pieces.get(piece).map(|(_, refers)| refers).into_iter().flatten());
            }
        }
        // What belongs to no piece at all stays.
        let mut free = vec![false; self.bytes.len()];
        for wanted in [false, true] {
            for (n, (place, _)) in self.pieces.iter().enumerate() {
                if used.contains(&n) == wanted {
                    let here = place.start.max(self.from)..place.end.max(self.from);
                    for address in here {
                        if let Some(byte) = free.get_mut((address - self.from) as usize) {
                            *byte = !wanted;
                        }
                    }
                }
            }
        }
        runs(&free, self.from)
    }

    /// Whether the linker knew a function of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.functions.contains_key(name)
    }
}

/// Where a row of yes and no says yes.
fn runs(row: &[bool], from: u32) -> Vec<Range<u32>> {
    let mut found: Vec<Range<u32>> = Vec::new();
    for (address, _) in (from..).zip(row).filter(|(_, yes)| **yes) {
        match found.last_mut() {
            Some(run) if run.end == address => run.end += 1,
            _ => found.push(address..address + 1),
        }
    }
    found
}

/// The sections of the linker's module that matter here, taken apart.
#[derive(Default)]
struct Sections {
    imported: u32,
    /// Begin of the code section, then where each function lies in it.
    bodies: Vec<Range<usize>>,
    names: BTreeMap<u32, String>,
    segment_names: BTreeMap<u32, String>,
    /// Address, bytes, and where they lie in the file, of each segment.
    segments: Vec<(u32, Vec<u8>, usize)>,
    /// The segment, place and length of each symbol that is a piece of data.
    symbols: Vec<Option<(u32, u32, u32)>>,
    /// Number and place in the file of each section that is not custom.
    places: BTreeMap<u32, usize>,
    relocations: Vec<(u32, RelocationEntry)>,
}

impl Sections {
    fn read(linked: &[u8]) -> Result<Sections, BinaryReaderError> {
        let mut seen = Sections::default();
        let mut count = 0;
        for payload in Parser::new(0).parse_all(linked) {
            let payload = payload?;
            if let Some((_, range)) = payload.as_section() {
                seen.places.insert(count, range.start);
                count += 1;
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        seen.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => seen.bodies.push(body.range()),
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        let start = segment.range.end - segment.data.len();
                        let at = match segment.kind {
                            DataKind::Active { offset_expr, .. } => match offset_expr.get_operators_reader().read()? {
                                Operator::I32Const { value } => value.cast_unsigned(),
                                _ => u32::MAX,
                            },
                            DataKind::Passive => u32::MAX,
                        };
                        seen.segments.push((at, segment.data.to_vec(), start));
                    }
                }
                Payload::CustomSection(custom) => seen.custom(custom.as_known())?,
                _ => {}
            }
        }
        Ok(seen)
    }

    fn custom(&mut self, known: KnownCustom<'_>) -> Result<(), BinaryReaderError> {
        match known {
            KnownCustom::Name(names) => {
                for subsection in names {
                    let (into, map) = match subsection? {
                        Name::Function(map) => (&mut self.names, map),
                        Name::Data(map) => (&mut self.segment_names, map),
                        _ => continue,
                    };
                    for naming in map {
                        let naming = naming?;
                        into.insert(naming.index, naming.name.to_owned());
                    }
                }
            }
            KnownCustom::Linking(linking) => {
                for subsection in linking.subsections() {
                    let Linking::SymbolTable(symbols) = subsection? else {
                        continue;
                    };
                    for symbol in symbols {
                        self.symbols.push(match symbol? {
                            SymbolInfo::Data { symbol: Some(it), .. } => Some((it.index, it.offset, it.size)),
                            _ => None,
                        });
                    }
                }
            }
            KnownCustom::Reloc(relocations) => {
                let section = relocations.section_index();
                for entry in relocations.entries() {
                    self.relocations.push((section, entry?));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn linked(self) -> Result<Linked, Failure> {
        let number = self.segment_names.iter().find(|(_, name)| *name == CONSTANTS);
        let number = number.ok_or_else(|| unknown("it has no .rodata"))?.0;
        let segment = self
            .segments
            .get(*number as usize)
            .filter(|segment| segment.0 != u32::MAX);
        let (from, bytes, _) = segment.ok_or_else(|| unknown("its .rodata has no address"))?.clone();
        if self.relocations.is_empty() {
            return Err(unknown("the linker did not tell who refers to what (--emit-relocs)"));
        }
        // Symbols to pieces: address, and place in the file.
        let mut pieces: Vec<(Range<u32>, BTreeSet<usize>)> = Vec::new();
        let mut files: Vec<(Range<usize>, usize)> = Vec::new();
        let mut of_symbol: BTreeMap<u32, usize> = BTreeMap::new();
        for (symbol, piece) in (0..).zip(&self.symbols) {
            let Some((segment, offset, size)) = piece else { continue };
            let Some((address, _, file)) = self.segments.get(*segment as usize) else {
                continue;
            };
            let (address, file) = (address + offset, file + *offset as usize);
            of_symbol.insert(symbol, pieces.len());
            files.push((file..file + *size as usize, pieces.len()));
            pieces.push((address..address + size, BTreeSet::new()));
        }
        files.sort_by_key(|(range, piece)| (range.start, *piece));
        let mut functions: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        let mut by_body: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.bodies.len()];
        for (section, entry) in &self.relocations {
            let (false, Some(target)) = (entry.ty == RelocationType::TypeIndexLeb, of_symbol.get(&entry.index)) else {
                continue;
            };
            let section = self.places.get(section).ok_or_else(|| unknown("a section got lost"))?;
            let place = section + entry.offset as usize;
            let body = self.bodies.partition_point(|body| body.start <= place).checked_sub(1);
            if let Some(body) = body.filter(|body| self.bodies[*body].contains(&place)) {
                by_body[body].insert(*target);
                continue;
            }
            // Pieces may lie over each other: all that hold the place refer.
            let mut found = false;
            for (_, piece) in files.iter().filter(|(range, _)| range.contains(&place)) {
                found = true;
                pieces[*piece].1.insert(*target);
            }
            if !found {
                return Err(unknown("an address stands in no function and no piece of data"));
            }
        }
        for (number, refers) in (self.imported..).zip(by_body) {
            let name = self
                .names
                .get(&number)
                .ok_or_else(|| unknown("a function has no name"))?;
            functions.entry(name.clone()).or_default().extend(refers);
        }
        Ok(Linked {
            from,
            bytes,
            pieces,
            functions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three pieces of eight bytes from 100: `a` refers to the first, which refers to the third; `b` to the second.
    fn linked() -> Linked {
        Linked {
            from: 100,
            bytes: (0..24).collect(),
            pieces: vec![(100..108, [2].into()), (108..116, [].into()), (116..124, [].into())],
            functions: [("a".to_owned(), [0].into()), ("b".to_owned(), [1].into())].into(),
        }
    }

    /// Begin and end of each part that is left.
    fn unused(names: &[&str], addresses: &[u32]) -> Vec<(u32, u32)> {
        let free = linked().unused_by(&names.iter().copied().collect(), &addresses.iter().copied().collect());
        free.iter().map(|run| (run.start, run.end)).collect()
    }

    #[test]
    fn what_a_function_refers_to_is_followed() {
        assert_eq!(unused(&["a"], &[]), [(108, 116)]);
        assert_eq!(unused(&["b"], &[]), [(100, 108), (116, 124)]);
        assert_eq!(unused(&["a", "b"], &[]), []);
        assert_eq!(unused(&["unknown"], &[]), [(100, 124)]);
    }

    #[test]
    fn an_address_stands_for_the_whole_piece_and_what_it_refers_to() {
        assert_eq!(unused(&[], &[103]), [(108, 116)]);
        assert_eq!(unused(&[], &[99, 124]), [(100, 124)]);
    }

    #[test]
    fn what_lies_under_another_piece_or_under_none_stays() {
        let mut linked = linked();
        linked.pieces.push((104..110, [].into()));
        linked.functions.insert("c".to_owned(), [3].into());
        linked.bytes.extend([0; 4]);
        let free = linked.unused_by(&["c"].into(), &BTreeSet::new());
        assert_eq!(free, [100..104, 110..124]);
    }

    #[test]
    fn a_module_without_the_linkers_notes_is_refused() {
        let empty = walrus::Module::default().emit_wasm();
        assert!(
            Linked::read(&empty)
                .map(|_| ())
                .unwrap_err()
                .line
                .contains("no .rodata")
        );
        assert!(
            Linked::read(b"no module")
                .map(|_| ())
                .unwrap_err()
                .line
                .contains("linker's module")
        );
    }
}
