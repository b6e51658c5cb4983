-- Wmo provisions from iWmo messages: what was allocated (301), started (305) and stopped (307).
with

berichten as (
    select * from {{ ref('stg_wmo') }}
),

codelijsten as (
    select * from {{ ref('codelijsten') }}
),

-- The latest message on an allocation says what it is. Reason 13 means: never sent.
toewijzing_versies as (
    select
        *,
        row_number() over (
            partition by gemeentecode, toewijzingnummer
            order by dagtekening desc, bericht_identificatie desc, leverdatum desc, rij desc
        ) as volgorde
    from berichten
    where bericht = '301'
),

toewijzingen as (
    select * from toewijzing_versies
    where volgorde = 1 and coalesce(reden_wijziging, '') <> '13'
),

-- A start or stop without number is matched on person, product and Ingangsdatum, when just one allocation fits.
kandidaten as (
    select
        gemeentecode,
        persoon,
        categorie,
        coalesce(productcode, '') as productcode,
        ingangsdatum,
        min(toewijzingnummer) as toewijzingnummer
    from berichten
    where bericht = '301'
    group by gemeentecode, persoon, categorie, coalesce(productcode, ''), ingangsdatum
    having count(distinct toewijzingnummer) = 1
),

gekoppeld as (
    select
        berichten.gemeentecode,
        berichten.bericht,
        coalesce(berichten.toewijzingnummer, kandidaten.toewijzingnummer) as toewijzingnummer,
        case when berichten.bericht = '305' then berichten.begindatum else berichten.einddatum end as datum,
        berichten.reden_beeindiging,
        berichten.status_aanlevering,
        berichten.dagtekening,
        berichten.bericht_identificatie,
        berichten.leverdatum,
        berichten.rij
    from berichten
    left join kandidaten
        on
            berichten.toewijzingnummer is null
            and berichten.gemeentecode = kandidaten.gemeentecode
            and berichten.persoon = kandidaten.persoon
            and berichten.categorie = kandidaten.categorie
            and coalesce(berichten.productcode, '') = kandidaten.productcode
            and berichten.ingangsdatum = kandidaten.ingangsdatum
    where berichten.bericht in ('305', '307')
),

-- StatusAanlevering 3 cancels the earlier message on the same allocation and date: the latest of them holds.
gebeurtenis_versies as (
    select
        *,
        row_number() over (
            partition by gemeentecode, toewijzingnummer, bericht, datum
            order by dagtekening desc, bericht_identificatie desc, leverdatum desc, rij desc
        ) as volgorde
    from gekoppeld
    where toewijzingnummer is not null
),

gebeurtenissen as (
    select * from gebeurtenis_versies
    where volgorde = 1 and status_aanlevering = '1'
),

-- Reason 20 is a pause: it ends nothing.
stops as (
    select
        gebeurtenissen.gemeentecode,
        gebeurtenissen.toewijzingnummer,
        gebeurtenissen.datum,
        coalesce(codelijsten.norm, 'onbekend') as reden
    from gebeurtenissen
    left join codelijsten
        on gebeurtenissen.reden_beeindiging = codelijsten.code and codelijsten.codelijst = 'WMO588'
    where gebeurtenissen.bericht = '307' and gebeurtenissen.reden_beeindiging <> '20'
),

-- An allocation without any start counts from its Ingangsdatum.
starts as (
    select
        toewijzingen.gemeentecode,
        toewijzingen.toewijzingnummer,
        coalesce(gebeurtenissen.datum, toewijzingen.ingangsdatum) as datum
    from toewijzingen
    left join gebeurtenissen
        on
            toewijzingen.gemeentecode = gebeurtenissen.gemeentecode
            and toewijzingen.toewijzingnummer = gebeurtenissen.toewijzingnummer
            and gebeurtenissen.bericht = '305'
),

-- A start opens, the first stop from then on closes. A start while still open (after a pause) goes on with the same.
open_en_dicht as (
    select
        starts.gemeentecode,
        starts.toewijzingnummer,
        starts.datum as begin_levering,
        min(stops.datum) as eind_levering
    from starts
    left join stops
        on
            starts.gemeentecode = stops.gemeentecode
            and starts.toewijzingnummer = stops.toewijzingnummer
            and starts.datum <= stops.datum
    group by starts.gemeentecode, starts.toewijzingnummer, starts.datum
),

leveringen as (
    select
        gemeentecode,
        toewijzingnummer,
        min(begin_levering) as begin_levering,
        eind_levering
    from open_en_dicht
    group by gemeentecode, toewijzingnummer, eind_levering
),

-- Never outside the allocation.
spells as (
    select
        toewijzingen.gemeentecode,
        toewijzingen.persoon,
        concat('wmo-', cast(toewijzingen.toewijzingnummer as {{ dbt.type_string() }})) as voorziening_id,
        toewijzingen.categorie,
        toewijzingen.aanbieder,
        cast(null as bigint) as bedrag_maand,
        toewijzingen.leverdatum,
        greatest(leveringen.begin_levering, toewijzingen.ingangsdatum) as begindatum,
        case
            when leveringen.eind_levering is null then toewijzingen.einddatum
            when toewijzingen.einddatum is null then leveringen.eind_levering
            else least(leveringen.eind_levering, toewijzingen.einddatum)
        end as einddatum,
        case
            when leveringen.eind_levering <= coalesce(toewijzingen.einddatum, leveringen.eind_levering) then stops.reden
            when toewijzingen.einddatum is not null then coalesce(codelijsten.norm, 'einde_toewijzing')
        end as reden_einde
    from toewijzingen
    inner join leveringen
        on
            toewijzingen.gemeentecode = leveringen.gemeentecode
            and toewijzingen.toewijzingnummer = leveringen.toewijzingnummer
    left join stops
        on
            leveringen.gemeentecode = stops.gemeentecode
            and leveringen.toewijzingnummer = stops.toewijzingnummer
            and leveringen.eind_levering = stops.datum
    left join codelijsten
        on toewijzingen.reden_wijziging = codelijsten.code and codelijsten.codelijst = 'WMO002'
),

{{ voorziening('wmo', 'spells', 'wmo') }}

select * from final
