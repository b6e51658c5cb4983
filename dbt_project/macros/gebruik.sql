{# The use of a half-year or year, of a regeling whose persons are in actief_<regeling>: a whole model, one row per
area, period and indicator. `opgegeven`: the model of where the deliveries place who never occurs in the BRP. #}
{% macro gebruik(regeling, opgegeven=none) %}
-- One row per gemeente or wijk and period of more months (model periode): who used the regeling in it, also who died or
-- left within it: at the last address here. Who lives here is placed as on the peildatum.
with

actief as (
    select * from {{ ref('actief_' ~ regeling) }}
),

personen as (
    select * from {{ ref('personen') }}
),

regelingen as (
    select * from {{ ref('regelingen') }}
    where regeling = '{{ regeling }}'
),

perioden as (
    select * from {{ ref('periode') }}
    where not voor_monitor
),

in_periode as (
    select actief.gemeentecode, actief.persoon, perioden.peildatum, perioden.indelingsjaar, perioden.indicator,
        perioden.van,
        min(actief.eerste_dag) as eerste_dag
    from actief
    inner join perioden
        on
            actief.gemeentecode = perioden.gemeentecode
            and actief.peildatum >= perioden.van
            and actief.peildatum <= perioden.peildatum
    group by actief.gemeentecode, actief.persoon, perioden.peildatum, perioden.indelingsjaar, perioden.indicator,
        perioden.van
),

-- The last day, no further than the peildatum, that somebody lived here; and that of death.
het_laatst as (
    select in_periode.gemeentecode, in_periode.persoon, in_periode.peildatum, in_periode.indicator,
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
        regelingen.telt_na_vertrek,
        case
            when het_laatst.persoon is null then in_periode.peildatum
            when regelingen.telt_na_vertrek = 'ja'
                then coalesce({{ add_days('het_laatst.overlijden', -1) }}, in_periode.peildatum)
            else het_laatst.gewoond
        end as datum
    from in_periode
    cross join regelingen
    left join het_laatst
        on
            in_periode.gemeentecode = het_laatst.gemeentecode
            and in_periode.persoon = het_laatst.persoon
            and in_periode.peildatum = het_laatst.peildatum
            and in_periode.indicator = het_laatst.indicator
),

-- A person who had left before the period, or used it only after leaving, used nothing here.
geplaatst as (
    select
        gebruikten.*,
        {{ waar('gebruikten', opgegeven) }}
    from op_laatste_dag as gebruikten
    {{ plaats_op('gebruikten', 'gebruikten.datum', 'gebruikten.indelingsjaar', opgegeven) }}
    where gebruikten.datum >= gebruikten.van and gebruikten.datum >= gebruikten.eerste_dag
),

-- A household has one address.
per_adres as (
    select gemeentecode, wijkcode, buurtcode, peildatum, indicator, adres,
        count(*) as gebruik, count(distinct huishouden) as huishoudens
    from geplaatst
    where {{ telt('toestand', 'telt_na_vertrek') }}
    group by gemeentecode, wijkcode, buurtcode, peildatum, indicator, adres
),

per_niveau as (
    select
        per_adres.*,
        niveaus.gebiedsniveau,
        {{ gebied_op_niveau('per_adres') }} as gebiedscode
    from per_adres
    cross join {{ niveaus() }}
    where niveaus.gebiedsniveau <> 'buurt'
),

final as (
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, 'totaal' as leeftijdsgroep, indicator,
        cast(sum(gebruik) as bigint) as aantal,
        cast(sum(huishoudens) as bigint) as huishoudens,
        max(gebruik) as grootste_adres
    from per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, indicator
)

select * from final
{% endmacro %}
