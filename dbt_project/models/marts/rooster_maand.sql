-- One row per regeling, gemeente, month-end and indicator that the regeling has in that month, wherever and of whatever
-- age: whether there is a figure, and else why not. Depends on deliveries and laws only, never on counts.
with

regelingen as (
    select * from {{ ref('regelingen') }}
),

verhoudingen as (
    select * from {{ ref('verhouding') }}
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
),

-- A regime (a code with an indicator of its own) has a first day; a total over regelingen has none.
regimes as (
    select
        norm as indicator,
        geldig_van
    from {{ ref('codelijsten') }}
    where codelijst = 'AO_REGELING' and norm is not null and geldig_van is not null
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

gedekt as (
    select * from {{ ref('gedekt') }}
),

vergelijkingen as (
    select * from {{ ref('vergelijking') }}
),

perioden as (
    select * from {{ ref('periode') }}
),

-- Aggregates have the peildata that their source has of any gemeente.
peildata_van_bron as (
    select distinct
        regeling,
        peildatum
    from gedekt
),

-- How many months of each half-year and year are covered.
gedekte_perioden as (
    select
        gedekt.regeling,
        perioden.gemeentecode,
        perioden.peildatum,
        perioden.indicator,
        count(*) as maanden
    from perioden
    inner join gedekt
        on
            perioden.gemeentecode = gedekt.gemeentecode
            and perioden.van <= gedekt.peildatum
            and perioden.peildatum >= gedekt.peildatum
    group by gedekt.regeling, perioden.gemeentecode, perioden.peildatum, perioden.indicator
),

final as (
    select
        regelingen.regeling,
        peilmaanden.gemeentecode,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar,
        indicatoren.indicator,
        case
            when peilmaanden.peildatum < regelingen.geldig_van then 'nvt'
            when peilmaanden.peildatum > regelingen.geldig_tot then 'nvt'
            when peilmaanden.peildatum < regimes.geldig_van then 'nvt'
            when concat(' ', indicatoren.nvt_bij, ' ') like concat('% ', regelingen.telwijze, ' %') then 'nvt'
            when regelingen.eenheid <> 'personen' and indicatoren.eenheid = 'personen' then 'nvt'
            when vergelijkingen.voor_monitor or perioden.voor_monitor then 'nvt'
            when nu.peildatum is null then 'niet_geleverd'
            when vergelijkingen.toen is not null and toen.peildatum is null then 'niet_geleverd'
            when coalesce(gedekte_perioden.maanden, 0) < perioden.maanden then 'niet_geleverd'
            else 'geleverd'
        end as status
    from regelingen
    inner join verhoudingen on regelingen.regeling = verhoudingen.regeling
    inner join indicatoren on verhoudingen.indicator = indicatoren.indicator
    inner join peilmaanden on month(peilmaanden.peildatum) % indicatoren.om_de_maanden = 0
    left join regimes on indicatoren.indicator = regimes.indicator
    left join peildata_van_bron
        on regelingen.regeling = peildata_van_bron.regeling and peilmaanden.peildatum = peildata_van_bron.peildatum
    left join gedekt as nu
        on
            regelingen.regeling = nu.regeling
            and peilmaanden.gemeentecode = nu.gemeentecode
            and peilmaanden.peildatum = nu.peildatum
    left join vergelijkingen
        on
            peilmaanden.gemeentecode = vergelijkingen.gemeentecode
            and peilmaanden.peildatum = vergelijkingen.peildatum
            and indicatoren.indicator = vergelijkingen.indicator
    left join gedekt as toen
        on
            regelingen.regeling = toen.regeling
            and vergelijkingen.gemeentecode = toen.gemeentecode
            and vergelijkingen.toen = toen.peildatum
    left join perioden
        on
            peilmaanden.gemeentecode = perioden.gemeentecode
            and peilmaanden.peildatum = perioden.peildatum
            and indicatoren.indicator = perioden.indicator
    left join gedekte_perioden
        on
            regelingen.regeling = gedekte_perioden.regeling
            and perioden.gemeentecode = gedekte_perioden.gemeentecode
            and perioden.peildatum = gedekte_perioden.peildatum
            and perioden.indicator = gedekte_perioden.indicator
    where regelingen.telwijze <> 'aggregaat' or peildata_van_bron.peildatum is not null
)

select * from final
