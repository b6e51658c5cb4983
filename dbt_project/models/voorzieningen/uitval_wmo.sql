-- Starts and stops that fit no allocation or each other: uitval that shows only when all deliveries are seen together.
with

berichten as (
    select * from {{ ref('stg_wmo') }}
),

toewijzingen as (
    select distinct
        gemeentecode,
        toewijzingnummer
    from berichten
    where bericht = '301'
),

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
        berichten.leverancier,
        berichten.leverdatum,
        berichten.rij,
        berichten.bericht,
        berichten.status_aanlevering,
        coalesce(berichten.toewijzingnummer, kandidaten.toewijzingnummer) as toewijzingnummer,
        case when berichten.bericht = '305' then berichten.begindatum else berichten.einddatum end as datum
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

verzonden as (
    select distinct
        gemeentecode,
        toewijzingnummer,
        bericht,
        datum
    from gekoppeld
    where status_aanlevering = '1'
),

eerste_start as (
    select
        gemeentecode,
        toewijzingnummer,
        min(datum) as datum
    from verzonden
    where bericht = '305'
    group by gemeentecode, toewijzingnummer
),

beoordeeld as (
    select
        gekoppeld.gemeentecode,
        gekoppeld.leverancier,
        gekoppeld.leverdatum,
        gekoppeld.rij,
        case
            -- No allocation fits by person, product and Ingangsdatum.
            when gekoppeld.toewijzingnummer is null then 'WMO-41'
            -- The allocation was never delivered.
            when toewijzingen.toewijzingnummer is null then 'WMO-42'
            -- Cancels a message that was never delivered; it changes nothing.
            when gekoppeld.status_aanlevering = '3' and verzonden.toewijzingnummer is null then 'WMO-43'
            -- A stop before every start; it closes nothing.
            when gekoppeld.bericht = '307' and gekoppeld.datum < eerste_start.datum then 'WMO-44'
        end as regel_id
    from gekoppeld
    left join toewijzingen
        on
            gekoppeld.gemeentecode = toewijzingen.gemeentecode
            and gekoppeld.toewijzingnummer = toewijzingen.toewijzingnummer
    left join verzonden
        on
            gekoppeld.gemeentecode = verzonden.gemeentecode
            and gekoppeld.toewijzingnummer = verzonden.toewijzingnummer
            and gekoppeld.bericht = verzonden.bericht
            and gekoppeld.datum = verzonden.datum
    left join eerste_start
        on
            gekoppeld.gemeentecode = eerste_start.gemeentecode
            and gekoppeld.toewijzingnummer = eerste_start.toewijzingnummer
),

final as (
    select
        gemeentecode,
        leverancier,
        leverdatum,
        rij,
        regel_id
    from beoordeeld
    where regel_id is not null
)

select * from final
