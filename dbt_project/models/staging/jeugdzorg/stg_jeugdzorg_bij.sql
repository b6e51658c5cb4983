-- One row per record and delivered half-year.
-- Records of Beleidsinformatie Jeugd, of the deliveries that count: the newest of each half-year. Help and measures
-- alike: first and last day, and the category in the words of iJw (JZ020).
with

bij as (
    select * from {{ source('bron', 'jeugdzorg_bij') }}
),

hulpvormen as (
    select * from {{ ref('codelijsten') }}
    where codelijst = 'BIJ_HULPVORM'
),

{{ geldend('jeugdzorg') }},

final as (
    select
        bij.gemeentecode,
        -- None for a child without BSN, and for one that is not born.
        bij.persoon,
        bij.aanbieder,
        coalesce(
            hulpvormen.norm, case bij.soort_maatregel when 'JB' then '48' when 'JR' then '47' when 'PJ' then '49' end
        ) as categorie,
        -- The institution that took a measure over tells its own first day in the period of the transfer, and no day
        -- after that; the one that gave it away tells its own last day.
        coalesce(bij.aanvang_hulp, bij.aanvang_maatregel, bij.overgedragen_gekregen, geldend.periode_van) as begindatum,
        coalesce(bij.einde_hulp, bij.einde_maatregel, bij.overgedragen) as einddatum,
        bij.reden_beeindiging,
        geldend.periode_van,
        geldend.periode_tot,
        bij.leverancier,
        bij.leverdatum,
        bij.rij
    from bij
    inner join geldend on bij.leverancier = geldend.leverancier and bij.leverdatum = geldend.leverdatum
    left join hulpvormen on bij.hulpvorm = hulpvormen.code
)

select * from final
