-- One row per project and version.
-- Versions of projects, of all deliveries.
with

doorbraakprojecten as (
    select * from {{ source('bron', 'doorbraakprojecten') }}
),

final as (
    select
        gemeentecode,
        project_code,
        naam,
        thema,
        startjaar,
        geregistreerd_op,
        startdatum,
        einddatum_plan,
        einddatum,
        nulmeting_datum,
        eindmeting_datum,
        budget_toegekend,
        budget_besteed,
        deelnemers_doel,
        deelnemers_bereikt,
        schotten,
        partners,
        uitkomst_indicator,
        doel_regeling,
        gebieden,
        vergelijkingsgebieden,
        minimaal_effect,
        nulmeting,
        eindmeting,
        oordeel,
        client_verbeterd,
        vervolg,
        leverancier,
        leverdatum,
        rij,
        min(leverdatum) over (partition by gemeentecode, project_code) as eerste_levering,
        row_number() over (partition by gemeentecode, project_code order by leverdatum desc, rij desc) as volgorde
    from doorbraakprojecten
)

select * from final
