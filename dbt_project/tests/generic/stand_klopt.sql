{# The accounting identity of design.md section 6, per area: stand = stand before + in - out + moved in - moved out.

`achtervoegsel`: '' for months, '_kwartaal' for quarters. `vorige`: the indicator with the stand before, in today's areas. #}
{% test stand_klopt(model, achtervoegsel, vorige) %}
with

naast_elkaar as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        max(case when indicator = 'clienten' and status = 'geleverd' then aantal end) as stand,
        max(case when indicator = '{{ vorige }}' and status = 'geleverd' then aantal end) as stand_vorige,
        max(case when indicator = 'instroom{{ achtervoegsel }}' and status = 'geleverd' then aantal end) as instroom,
        max(case when indicator = 'uitstroom{{ achtervoegsel }}' and status = 'geleverd' then aantal end) as uitstroom,
        coalesce(max(case when indicator = 'verhuisd_in{{ achtervoegsel }}' then aantal end), 0) as verhuisd_in,
        coalesce(max(case when indicator = 'verhuisd_uit{{ achtervoegsel }}' then aantal end), 0) as verhuisd_uit
    from {{ model }}
    where leeftijdsgroep = 'totaal'
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum
)

select *
from naast_elkaar
where
    stand_vorige is not null
    and stand <> stand_vorige + instroom - uitstroom + verhuisd_in - verhuisd_uit
{% endtest %}
