-- Starts and stops that belong to no allocation: uitval that shows only when all deliveries are seen together.
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
        ingangsdatum
    from berichten
    where bericht = '301'
    group by gemeentecode, persoon, categorie, coalesce(productcode, ''), ingangsdatum
    having count(distinct toewijzingnummer) = 1
),

final as (
    select
        berichten.gemeentecode,
        berichten.leverancier,
        berichten.leverdatum,
        berichten.rij,
        -- WMO-41: no allocation fits by person, product and Ingangsdatum; WMO-42: the allocation was never delivered.
        case when berichten.toewijzingnummer is null then 'WMO-41' else 'WMO-42' end as regel_id
    from berichten
    left join toewijzingen
        on
            berichten.gemeentecode = toewijzingen.gemeentecode
            and berichten.toewijzingnummer = toewijzingen.toewijzingnummer
    left join kandidaten
        on
            berichten.toewijzingnummer is null
            and berichten.gemeentecode = kandidaten.gemeentecode
            and berichten.persoon = kandidaten.persoon
            and berichten.categorie = kandidaten.categorie
            and coalesce(berichten.productcode, '') = kandidaten.productcode
            and berichten.ingangsdatum = kandidaten.ingangsdatum
    where
        berichten.bericht in ('305', '307')
        and (
            (berichten.toewijzingnummer is not null and toewijzingen.toewijzingnummer is null)
            or (berichten.toewijzingnummer is null and kandidaten.persoon is null)
        )
)

select * from final
