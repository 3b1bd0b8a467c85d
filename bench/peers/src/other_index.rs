//! tantivy, with the distances worked out exactly for every service that has the words and the need.

use crate::made::{Common, common, service};
use crate::measure::{Done, memory_mb, own_cpu_us, run};
use kith_domain::place::Point;
use std::time::Instant;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TEXT};
use tantivy::{
    DocId, Index, IndexReader, IndexWriter, Score, SegmentOrdinal, SegmentReader, TantivyDocument, Term,
};

type Failed = Box<dyn std::error::Error>;

struct Fields {
    number: Field,
    text: Field,
    need: Field,
    lat: Field,
    lon: Field,
}

/// Everything within the radius, with its distance: tantivy has no index of points.
struct Near {
    from: Point,
    within_m: f64,
}

struct NearSegment {
    from: Point,
    within_m: f64,
    number: Column<u64>,
    lat: Column<f64>,
    lon: Column<f64>,
    found: Vec<(f64, u64)>,
}

impl Collector for Near {
    type Fruit = Vec<(f64, u64)>;
    type Child = NearSegment;
    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<NearSegment> {
        let fields = reader.fast_fields();
        Ok(NearSegment {
            from: self.from,
            within_m: self.within_m,
            number: fields.u64("number")?,
            lat: fields.f64("lat")?,
            lon: fields.f64("lon")?,
            found: Vec::new(),
        })
    }
    fn requires_scoring(&self) -> bool {
        false
    }
    fn merge_fruits(&self, all: Vec<Vec<(f64, u64)>>) -> tantivy::Result<Vec<(f64, u64)>> {
        let mut all = all.concat();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        all.truncate(20);
        Ok(all)
    }
}

impl SegmentCollector for NearSegment {
    type Fruit = Vec<(f64, u64)>;
    fn collect(&mut self, doc: DocId, _: Score) {
        let (Some(lat), Some(lon)) = (self.lat.first(doc), self.lon.first(doc)) else { return };
        // The same quick look at the latitude that Kith takes.
        if (lat - self.from.lat).abs() > self.within_m / 111_190.0 + 1e-6 {
            return;
        }
        let metres = self.from.metres_to(Point { lat, lon });
        if metres <= self.within_m {
            self.found.push((metres, self.number.first(doc).unwrap_or(0)));
        }
    }
    fn harvest(self) -> Vec<(f64, u64)> {
        self.found
    }
}

/// Builds, asks, changes.
pub fn measure(services: u64, questions: u64, changes: u64) -> Result<Done, Failed> {
    let before = memory_mb();
    let mut schema = Schema::builder();
    let fields = Fields {
        number: schema.add_u64_field("number", FAST | INDEXED),
        text: schema.add_text_field("text", TEXT),
        need: schema.add_text_field("need", STRING),
        lat: schema.add_f64_field("lat", FAST),
        lon: schema.add_f64_field("lon", FAST),
    };
    let folder = tempfile::tempdir()?;
    let index = Index::create_in_dir(folder.path(), schema.build())?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 200_000_000)?;
    let mut building = std::time::Duration::ZERO;
    for number in 0..services {
        let made = service(number);
        let (text, began) = (made.text(), Instant::now());
        writer.add_document(document(&fields, number, &text, made.need, made.point))?;
        building += began.elapsed();
    }
    let began = Instant::now();
    writer.commit()?;
    writer.wait_merging_threads()?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000)?;
    writer.merge(&index.searchable_segment_ids()?).wait()?;
    building += began.elapsed();
    let reader = index.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into()?;
    let prepared: Vec<Common> = (0..questions).map(|n| common(n, services)).collect();
    let ask = |n: u64| answer(&reader, &fields, &prepared[n as usize]);
    run(questions.min(200), ask);
    let cpu = own_cpu_us();
    let (common_us, answers) = run(questions, ask);
    let common_cpu_us = (own_cpu_us() - cpu) / questions as f64;
    let answers: Result<Vec<Vec<u64>>, _> = answers.into_iter().collect();
    let memory = memory_mb() - before;
    let (change_us, changed) = run(changes, |n| -> Result<(), Failed> {
        let made = service(n * 37 % services);
        writer.delete_term(Term::from_field_u64(fields.number, made.number));
        let text = format!("zuzuzu {}", made.text());
        writer.add_document(document(&fields, made.number, &text, made.need, made.point))?;
        writer.commit()?;
        reader.reload()?;
        Ok(())
    });
    changed.into_iter().collect::<Result<Vec<()>, _>>()?;
    Ok(Done {
        engine: "tantivy".into(),
        build_s: building.as_secs_f64(),
        memory_mb: memory,
        common_us,
        common_cpu_us,
        change_us,
        answers: answers?,
        note: "one merged segment, read through memory maps; a change is visible after a commit".into(),
        ..Done::default()
    })
}

fn document(fields: &Fields, number: u64, text: &str, need: &str, point: Point) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_u64(fields.number, number);
    document.add_text(fields.text, text);
    document.add_text(fields.need, need);
    document.add_f64(fields.lat, point.lat);
    document.add_f64(fields.lon, point.lon);
    document
}

fn answer(reader: &IndexReader, fields: &Fields, asked: &Common) -> Result<Vec<u64>, Failed> {
    let must = |field: Field, text: &str| -> (Occur, Box<dyn Query>) {
        let term = Term::from_field_text(field, text);
        (Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
    };
    let mut parts: Vec<(Occur, Box<dyn Query>)> = asked.words.iter().map(|w| must(fields.text, w)).collect();
    parts.push(must(fields.need, asked.need));
    let near = Near { from: asked.from, within_m: asked.within_m };
    let found = reader.searcher().search(&BooleanQuery::new(parts), &near)?;
    Ok(found.into_iter().map(|(_, number)| number).collect())
}
