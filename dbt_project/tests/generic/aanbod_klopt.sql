{# Supply: a part of the services is no more than all of them, the three lines and the three programmes are all of them,
and no area has more than the gemeente. #}
{% test aanbod_klopt(model) %}
with

naast_elkaar as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        max(case when indicator = 'diensten' then aantal end) as diensten,
        max(
            case
                when indicator in ('vrij_toegankelijk', 'op_indicatie', 'diensten_verouderd') then aantal
            end
        ) as grootste_deel,
        sum(case when indicator in ('diensten_lijn_0', 'diensten_lijn_1', 'diensten_lijn_2') then aantal end) as lijnen,
        sum(
            case
                when indicator in ('diensten_jongeren', 'diensten_volwassenen', 'diensten_ouderen_en_kwetsbaren')
                    then aantal
            end
        ) as deelprogrammas
    from {{ model }}
    where status = 'geleverd'
    group by gemeentecode, gebiedscode, peildatum
)

select deel.*
from naast_elkaar as deel
inner join naast_elkaar as geheel
    on
        deel.gemeentecode = geheel.gemeentecode
        and deel.peildatum = geheel.peildatum
        and geheel.gebiedscode = geheel.gemeentecode
where
    deel.diensten <> deel.lijnen
    or deel.diensten <> deel.deelprogrammas
    or deel.grootste_deel > deel.diensten
    or deel.diensten > geheel.diensten
{% endtest %}
