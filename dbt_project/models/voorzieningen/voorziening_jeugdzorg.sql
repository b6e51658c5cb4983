-- One row per provision, person and stretch of days that it ran.
-- Jeugdzorg from two routes: iJw messages and Beleidsinformatie Jeugd (BIJ). Of a month that both cover, one counts
-- (model dekking says which); they are never added.
with

bij as (
    select * from {{ ref('stg_jeugdzorg_bij') }}
),

redenen as (
    select * from {{ ref('codelijsten') }}
    where codelijst = 'BIJ_REDEN_EINDE'
),

dekking as (
    select * from {{ ref('dekking') }}
    where regeling = 'jeugdzorg'
),

{{ spells_uit_berichten('stg_jeugdzorg_berichten', 'jz', 'JZ588', 'JZ002') }},

-- Per provider, so that two records of one day do not hide each other.
records as (
    select
        bij.gemeentecode,
        bij.persoon,
        concat(bij.categorie, '-', coalesce(bij.aanbieder, '')) as voorziening_id,
        bij.begindatum,
        bij.einddatum,
        coalesce(redenen.norm, 'onbekend') as reden_einde,
        bij.categorie,
        bij.aanbieder,
        cast(null as bigint) as bedrag_maand,
        bij.leverdatum,
        bij.periode_van,
        bij.periode_tot
    from bij
    left join redenen on bij.reden_beeindiging = redenen.code
    where bij.persoon is not null
),

{{ spells_uit_standen('records', 'jeugdzorg') }},

-- Help of one form to one child is one provision, whoever gives it.
bijspells as (
    select
        gemeentecode,
        persoon,
        concat('bij-', categorie, '-', persoon) as voorziening_id,
        categorie,
        aanbieder,
        bedrag_maand,
        leverdatum,
        begindatum,
        einddatum,
        reden_einde
    from standspells
    where einddatum is null or einddatum >= begindatum
),

{{ aaneengesloten('bijspells', 1) }},

beide as (
    select
        *,
        'berichten' as semantiek
    from berichtspells
    union all
    select
        gemeentecode,
        persoon,
        voorziening_id,
        categorie,
        cast(null as {{ dbt.type_string() }}) as productcode,
        aanbieder,
        bedrag_maand,
        leverdatum,
        begindatum,
        einddatum,
        reden_einde,
        'stand' as semantiek
    from bijspells_aaneen
),

-- The day from which the other route tells of every month; empty for the route of the newest month.
routes as (
    select
        gemeentecode,
        semantiek,
        case when laatste < max(laatste) over (partition by gemeentecode) then {{ add_days('laatste', 1) }} end as tot
    from (
        select
            gemeentecode,
            semantiek,
            max(peildatum) as laatste
        from dekking
        group by gemeentecode, semantiek
    ) as laatsten
),

-- A spell has the first day that its own route tells, and counts in the months of that route only (column `route`).
-- Where the other route takes over for good the spell goes no further: it still runs on the last day of its last month.
spells as (
    select
        beide.gemeentecode,
        beide.persoon,
        beide.voorziening_id,
        beide.categorie,
        beide.productcode,
        beide.aanbieder,
        beide.bedrag_maand,
        beide.leverdatum,
        beide.semantiek,
        beide.begindatum,
        case
            when routes.tot is null or beide.einddatum < routes.tot then beide.einddatum
            else routes.tot
        end as einddatum,
        case
            when routes.tot is null or beide.einddatum < routes.tot then beide.reden_einde
            else 'andere_route'
        end as reden_einde
    from beide
    inner join routes on beide.gemeentecode = routes.gemeentecode and beide.semantiek = routes.semantiek
    where routes.tot is null or beide.begindatum < routes.tot
),

{{ voorziening('jeugdzorg', 'spells', 'jeugdzorg', met_product=true, route='spells.semantiek') }}

select * from final
