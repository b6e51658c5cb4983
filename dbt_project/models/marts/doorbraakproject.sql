-- One row per project.
-- The newest version of each project, and whether it was registered before it began. The effect is measured elsewhere.
with

projecten as (
    select * from {{ ref('stg_doorbraakprojecten') }}
    where volgorde = 1
),

run as (
    select * from {{ source('bron', 'run') }}
),

final as (
    select
        projecten.gemeentecode,
        projecten.project_code,
        projecten.naam,
        projecten.thema,
        coalesce(projecten.startjaar, year(projecten.startdatum)) as startjaar,
        projecten.startdatum,
        projecten.einddatum_plan,
        projecten.einddatum,
        case
            when projecten.einddatum < run.stand then 'geeindigd'
            when projecten.startdatum > run.stand then 'gepland'
            when projecten.startdatum is not null then 'loopt'
            else 'onbekend'
        end as fase,
        projecten.eerste_levering,
        projecten.eerste_levering <= projecten.startdatum as tijdig_geregistreerd,
        projecten.budget_toegekend,
        projecten.budget_besteed,
        projecten.deelnemers_doel,
        projecten.deelnemers_bereikt,
        projecten.schotten,
        projecten.partners,
        projecten.uitkomst_indicator,
        projecten.doel_regeling,
        projecten.gebieden,
        projecten.vergelijkingsgebieden,
        projecten.minimaal_effect,
        projecten.nulmeting_datum,
        projecten.nulmeting,
        projecten.eindmeting_datum,
        projecten.eindmeting,
        projecten.oordeel,
        projecten.client_verbeterd,
        projecten.vervolg,
        projecten.leverdatum
    from projecten
    cross join run
)

select * from final
