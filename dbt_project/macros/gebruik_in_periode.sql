{# Who used a regeling in a half-year or year (model `periode`), also who died or left within it: at the last address
here. Who lives here is placed as on the peildatum.

Expects the CTEs actief, personen and regelingen. Gives the CTE gebruik_per_periode, per gemeente and wijk, with the
households behind a figure and its most common address. #}
{% macro gebruik_in_periode(opgegeven=none) %}
in_periode as (
    select
        actief.gemeentecode,
        actief.persoon,
        perioden.peildatum,
        perioden.indelingsjaar,
        perioden.indicator,
        perioden.van,
        regelingen.telt_na_vertrek,
        min(actief.eerste_dag) as eerste_dag
    from actief
    cross join regelingen
    inner join {{ ref('periode') }} as perioden
        on
            actief.gemeentecode = perioden.gemeentecode
            and actief.peildatum >= perioden.van
            and actief.peildatum <= perioden.peildatum
    where not perioden.voor_monitor
    group by
        actief.gemeentecode,
        actief.persoon,
        perioden.peildatum,
        perioden.indelingsjaar,
        perioden.indicator,
        perioden.van,
        regelingen.telt_na_vertrek
),

-- The last day, no further than the peildatum, that somebody lived here; and that of death.
het_laatst as (
    select
        in_periode.gemeentecode,
        in_periode.persoon,
        in_periode.peildatum,
        in_periode.indicator,
        max(case
            when personen.toestand = 'woont' then least({{ add_days('personen.tot', -1) }}, in_periode.peildatum)
        end) as gewoond,
        max(case when personen.toestand = 'overleden' then personen.van end) as overlijden
    from in_periode
    inner join personen
        on
            in_periode.gemeentecode = personen.gemeentecode
            and in_periode.persoon = personen.persoon
            and in_periode.indelingsjaar = personen.indelingsjaar
            and in_periode.peildatum >= personen.van
    group by in_periode.gemeentecode, in_periode.persoon, in_periode.peildatum, in_periode.indicator
),

op_laatste_dag as (
    select
        in_periode.*,
        case
            when het_laatst.persoon is null then in_periode.peildatum
            when in_periode.telt_na_vertrek = 'ja'
                then coalesce({{ add_days('het_laatst.overlijden', -1) }}, in_periode.peildatum)
            else het_laatst.gewoond
        end as datum
    from in_periode
    left join het_laatst
        on
            in_periode.gemeentecode = het_laatst.gemeentecode
            and in_periode.persoon = het_laatst.persoon
            and in_periode.peildatum = het_laatst.peildatum
            and in_periode.indicator = het_laatst.indicator
),

-- Who had left before the period, or used it only after leaving, used nothing here.
gebruikten_hier as (
    select * from op_laatste_dag
    where datum >= van and datum >= eerste_dag
),

gebruikten_hier_geplaatst as (
    select
        gebruikten_hier.*,
        {{ waar('gebruikten_hier', opgegeven) }}
    from gebruikten_hier
    {{ plaats_op('gebruikten_hier', 'gebruikten_hier.datum', 'gebruikten_hier.indelingsjaar', opgegeven) }}
),

gebruikten_per_niveau as (
    select *, 'gemeente' as gebiedsniveau, gemeentecode as gebiedscode from gebruikten_hier_geplaatst
    union all
    select *, 'wijk' as gebiedsniveau, wijkcode as gebiedscode from gebruikten_hier_geplaatst
),

-- A household has one address.
gebruikten_per_adres as (
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, indicator, adres,
        count(*) as gebruik, count(distinct huishouden) as huishoudens
    from gebruikten_per_niveau
    where {{ telt('toestand', 'telt_na_vertrek') }}
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, indicator, adres
),

gebruik_per_periode as (
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, indicator,
        cast(sum(gebruik) as bigint) as gebruik, cast(sum(huishoudens) as bigint) as huishoudens,
        max(gebruik) as adres_gebruik
    from gebruikten_per_adres
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, indicator
)
{% endmacro %}
