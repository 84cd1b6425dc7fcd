//! scratch
use podscope::sim::*; use podscope::view::json::*;
fn main() { let p=std::env::args().nth(1).unwrap(); let text=std::fs::read_to_string(&p).unwrap();
 let mut s=Simulation::new(&text,&Options::default()); s.run();
 let src=Sources::new(vec![(p,text)]); let r=podscope::view::run::report(&s,&src);
 println!("{}", report_json(&r)); }
