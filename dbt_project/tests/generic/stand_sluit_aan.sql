{# Where two months have the same areas, the stand before, told by the later month, is the stand told by the earlier. #}
{% test stand_sluit_aan(model) %}
select
    nu.gemeentecode,
    nu.gebiedscode,
    nu.peildatum
from {{ model }} as nu
inner join {{ model }} as toen
    on
        nu.gemeentecode = toen.gemeentecode
        and nu.gebiedscode = toen.gebiedscode
        and nu.indelingsjaar = toen.indelingsjaar
        and toen.peildatum = {{ month_end(add_months('nu.peildatum', -1)) }}
where
    nu.indicator = 'stand_vorige'
    and toen.indicator = 'clienten'
    and toen.leeftijdsgroep = 'totaal'
    and nu.status = 'geleverd'
    and nu.aantal <> toen.aantal
{% endtest %}
