{# Who used a regeling in a half-year or year (model `periode`), also who died or left within it: at the last address
here. Who lives here is placed as on the peildatum.

Expects the CTEs in_maand, bewoning and bekenden, and what `plaats` expects. Gives the CTE gebruik_per_periode, per
gemeente and wijk, with the households behind a figure and its most common address. Of a month that two routes cover one
tells, as in in_maand. #}
{% macro gebruik_in_periode() %}
in_periode as (
    select
        in_maand.gemeentecode,
        in_maand.persoon,
        in_maand.telt_na_vertrek,
        perioden.peildatum,
        perioden.indelingsjaar,
        perioden.indicator,
        perioden.van,
        min(in_maand.eerste_dag) as eerste_dag
    from in_maand
    inner join {{ ref('periode') }} as perioden
        on
            in_maand.gemeentecode = perioden.gemeentecode
            and in_maand.peildatum >= perioden.van
            and in_maand.peildatum <= perioden.peildatum
    where not perioden.voor_monitor
    group by
        in_maand.gemeentecode,
        in_maand.persoon,
        in_maand.telt_na_vertrek,
        perioden.peildatum,
        perioden.indelingsjaar,
        perioden.indicator,
        perioden.van
),

-- Until when somebody lived at each of his addresses, no further than the peildatum.
woonde as (
    select
        in_periode.gemeentecode,
        in_periode.persoon,
        in_periode.peildatum,
        in_periode.indicator,
        bewoning.van,
        least(
            in_periode.peildatum,
            coalesce({{ add_days('bewoning.tot', -1) }}, in_periode.peildatum),
            coalesce({{ add_days('bewoning.overlijden', -1) }}, in_periode.peildatum)
        ) as tot_en_met
    from in_periode
    inner join bewoning on in_periode.gemeentecode = bewoning.gemeentecode and in_periode.persoon = bewoning.persoon
),

woonde_het_laatst as (
    select
        gemeentecode,
        persoon,
        peildatum,
        indicator,
        max(tot_en_met) as datum
    from woonde
    where van <= tot_en_met
    group by gemeentecode, persoon, peildatum, indicator
),

op_laatste_dag as (
    select
        in_periode.*,
        case
            when bekenden.persoon is null then in_periode.peildatum
            when in_periode.telt_na_vertrek = 'ja' and bekenden.overlijden <= in_periode.peildatum
                then {{ add_days('bekenden.overlijden', -1) }}
            when in_periode.telt_na_vertrek = 'ja' then in_periode.peildatum
            else woonde_het_laatst.datum
        end as datum
    from in_periode
    left join bekenden
        on in_periode.gemeentecode = bekenden.gemeentecode and in_periode.persoon = bekenden.persoon
    left join woonde_het_laatst
        on
            in_periode.gemeentecode = woonde_het_laatst.gemeentecode
            and in_periode.persoon = woonde_het_laatst.persoon
            and in_periode.peildatum = woonde_het_laatst.peildatum
            and in_periode.indicator = woonde_het_laatst.indicator
),

-- Who had left before the period, or used it only after leaving, used nothing here.
gebruikten_hier as (
    select * from op_laatste_dag
    where datum >= van and datum >= eerste_dag
),

{{ plaats('gebruikten_hier') }},

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
