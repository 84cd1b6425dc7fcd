//! Texts such as `0,2-4`: indexes of a Job.
//! Twin: pkg/apis/batch/validation/validation.go (v1.36.2)
//! Covers: validateIndexesFormat, parseIndexInterval
//! Left out: nothing of these

/// How many indexes a text names, or what is wrong with it.
pub(super) fn count(text: &str, completions: i64) -> Result<i64, String> {
    let mut last: Option<i64> = None;
    let mut total = 0_i64;
    if text.is_empty() {
        return Ok(0);
    }
    for interval in text.split(',') {
        let (from, to) = bounds(interval, completions)?;
        if let Some(last) = last.filter(|last| *last >= from) {
            return Err(format!("non-increasing order, previous: {last}, current: {from}"));
        }
        total = total.saturating_add(to.saturating_sub(from).saturating_add(1));
        last = Some(to);
    }
    Ok(total)
}

fn bounds(interval: &str, completions: i64) -> Result<(i64, i64), String> {
    let mut parts = interval.split('-');
    let (first, second) = (parts.next().unwrap_or(""), parts.next());
    if parts.next().is_some() {
        return Err(format!(
            "the fragment {interval:?} violates the requirement that an index interval can have at most two parts \
             separated by '-'"
        ));
    }
    let from = index(first, completions)?;
    let Some(second) = second else {
        return Ok((from, from));
    };
    let to = index(second, completions)?;
    if from >= to {
        return Err(format!("non-increasing order, previous: {from}, current: {to}"));
    }
    Ok((from, to))
}

fn index(text: &str, completions: i64) -> Result<i64, String> {
    let number: i64 = text
        .parse()
        .map_err(|_| format!("cannot convert string to integer for index: {text:?}"))?;
    if number >= completions {
        return Err(format!("too large index: {text:?}"));
    }
    Ok(number)
}
