-- Jeugdzorg from two routes: iJw messages and Beleidsinformatie Jeugd (BIJ). Of a month that both cover, one counts
-- (model dekking says which); they are never added.
with

berichten as (
    select * from {{ ref('stg_jeugdzorg_berichten') }}
),

bij as (
    select * from {{ ref('stg_jeugdzorg_bij') }}
),

codelijsten as (
    select * from {{ ref('codelijsten') }}
),

dekking as (
    select * from {{ ref('dekking') }}
    where regeling = 'jeugdzorg'
),

{{ spells_uit_berichten('jz', 'JZ588', 'JZ002') }},

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
    left join codelijsten as redenen
        on bij.reden_beeindiging = redenen.code and redenen.codelijst = 'BIJ_REDEN_EINDE'
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
        *,
        'stand' as semantiek
    from bijspells_aaneen
),

-- Blocks of months that one route tells of.
wisselingen as (
    select
        gemeentecode,
        peildatum,
        semantiek,
        case
            when semantiek = lag(semantiek) over (partition by gemeentecode order by peildatum) then 0
            else 1
        end as wissel
    from dekking
),

genummerde_maanden as (
    select
        *,
        sum(wissel) over (
            partition by gemeentecode
            order by peildatum
            rows between unbounded preceding and current row
        ) as blok
    from wisselingen
),

blokken as (
    select
        gemeentecode,
        semantiek,
        blok,
        max(peildatum) as laatste
    from genummerde_maanden
    group by gemeentecode, semantiek, blok
),

grenzen as (
    select
        gemeentecode,
        semantiek,
        {{ add_days('lag(laatste) over (partition by gemeentecode order by blok)', 1) }} as van,
        case
            when lead(blok) over (partition by gemeentecode order by blok) is not null
                then {{ add_days('laatste', 1) }}
        end as tot
    from blokken
),

-- Cut where the other route takes over: still running on the last day of its own last month, and no longer after that
-- (`andere_route`, which macro wijkcijfers knows).
spells as (
    select
        beide.gemeentecode,
        beide.persoon,
        beide.voorziening_id,
        beide.categorie,
        beide.aanbieder,
        beide.bedrag_maand,
        beide.leverdatum,
        case when beide.begindatum < grenzen.van then grenzen.van else beide.begindatum end as begindatum,
        case
            when grenzen.tot is null or beide.einddatum < grenzen.tot then beide.einddatum
            else grenzen.tot
        end as einddatum,
        case
            when grenzen.tot is null or beide.einddatum < grenzen.tot then beide.reden_einde
            else 'andere_route'
        end as reden_einde
    from beide
    inner join grenzen on beide.gemeentecode = grenzen.gemeentecode and beide.semantiek = grenzen.semantiek
    where
        (grenzen.van is null or beide.einddatum is null or beide.einddatum >= grenzen.van)
        and (grenzen.tot is null or beide.begindatum < grenzen.tot)
),

{{ voorziening('jeugdzorg', 'spells', 'jeugdzorg') }}

select * from final
