;; The memory that a plugin shares with its host, and the functions of Extism that read and write it byte by byte: as
;; Wasm they cost next to nothing. The host keeps the books of what is where (memory.rs).
(module
  (memory (export "memory") 1)
  ;; where the input begins; the host sets it
  (global $input (export "input") (mut i64) (i64.const 0))
  (func (export "load_u8") (param $at i64) (result i32)
    (i32.load8_u (i32.wrap_i64 (local.get $at))))
  (func (export "load_u64") (param $at i64) (result i64)
    (i64.load (i32.wrap_i64 (local.get $at))))
  (func (export "store_u8") (param $at i64) (param $value i32)
    (i32.store8 (i32.wrap_i64 (local.get $at)) (local.get $value)))
  (func (export "store_u64") (param $at i64) (param $value i64)
    (i64.store (i32.wrap_i64 (local.get $at)) (local.get $value)))
  (func (export "input_load_u8") (param $at i64) (result i32)
    (i32.load8_u (i32.wrap_i64 (i64.add (global.get $input) (local.get $at)))))
  (func (export "input_load_u64") (param $at i64) (result i64)
    (i64.load (i32.wrap_i64 (i64.add (global.get $input) (local.get $at))))))
