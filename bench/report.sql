-- What a report must store at the least, in one statement: the frozen measure that intake over HTTP is held against.
-- The same rows as kernel.cases.intake writes: one entry, its two texts, the case, the report, the search terms.
\set x random(0, 1000000)
WITH id AS MATERIALIZED (
  SELECT gen_random_uuid() AS case_id, gen_random_uuid() AS report_id,
    nextval('journal_entry_ordinal') AS ordinal, nextval('cases_case_number_seq') AS n, clock_timestamp() AS t
), entry AS (
  INSERT INTO journal_entry (subject_id, seq, subject_type, verb, actor, duty, area, channel, at, recorded_at, form,
    data, previous_digest, digest, ordinal)
  SELECT case_id, 1, 'case', 'report', (SELECT id FROM people_person LIMIT 1), NULL,
    (SELECT id FROM places_area WHERE parent_id IS NULL ORDER BY code LIMIT 1), 'api', t, t, 1,
    ('{"set": {"area": "0190aaaa-0000-7000-8000-000000000000", "born_path": "320412-NXS/NXS-C01/NXS-G0101/", "channel": "api",'
     || '"crs": "wgs84", "lat_e7": 316600000, "lon_e7": 1199500000, "number": "32041220261123000001",'
     || '"path": "320412-NXS/NXS-C01/NXS-G0101/", "reported_at": 1795406400000000, "reporter": null, "source": "resident",'
     || '"stage_due_at": 1795408200000000, "stage_since": 1795406400000000, "state": "reported", "tier": "grid"},'
     || '"content": {"address": "5d41402abc4b2a76b9719d911017c592ae2c3d7f0e1b8a9c4d6e5f7a8b9c0d1e",'
     || '"description": "7d793037a0760186574b0282f2f435e7aa6c4d3b2e1f0a9b8c7d6e5f4a3b2c1d"}}')::jsonb,
    NULL, sha256(case_id::text::bytea), ordinal FROM id
), contents AS (
  INSERT INTO journal_content (subject_id, seq, field, value, salt)
  SELECT case_id, 1, f, v, sha256(f::bytea || case_id::text::bytea) FROM id, (VALUES
    ('description', '菜场东门又摆烧烤，油烟大，六楼不敢开窗，请来人看看'), ('address', '青禾路菜场东门')) AS c(f, v)
), made AS (
  INSERT INTO cases_case (id, version, number, state, origin, source, channel, born_path, path, tier, lon_e7, lat_e7, crs,
    area, reporter, reported_at, stage_since, stage_due_at, returns, reworks, reopens,
    refusals, extensions, suspensions, supervisions, warned, parts, reminders, appealed, timeout_exempt, self_disposed, forced)
  SELECT case_id, 1, '32041220261123' || lpad(n::text, 6, '0'), 'reported', 'live', 'resident', 'api',
    '320412-NXS/NXS-C01/NXS-G0101/', '320412-NXS/NXS-C01/NXS-G0101/', 'grid', 1199500000 + :x, 316600000, 'wgs84',
    (SELECT id FROM places_area WHERE parent_id IS NULL ORDER BY code LIMIT 1), (SELECT id FROM people_person LIMIT 1),
    t, t, t, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, false, false, false, false FROM id
), report AS (
  INSERT INTO cases_report (id, case_id, key, request_digest, tracking_code, channel, reported_at)
  SELECT report_id, case_id, report_id::text, sha256(report_id::text::bytea), upper(left(replace(report_id::text, '-', ''), 16)),
    'api', t FROM id
), terms AS (
  INSERT INTO cases_search (case_id, terms)
  SELECT case_id, '{菜场,场东,东门,门又,又摆,摆烧,烧烤,油烟,烟大,六楼,楼不,不敢,敢开,开窗,请来,来人,人看,看看,青禾,禾路,路菜,32,20,04,41,12,22,02,26,61,11,23,30,00,01}'
  FROM id
) SELECT ordinal FROM id;
