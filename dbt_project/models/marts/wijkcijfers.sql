-- The exact figures of all regelingen together, for analysts.
{% for regeling in var('regelingen') %}
    select
        '{{ regeling }}' as regeling,
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        gebiedsnaam,
        indelingsjaar,
        peildatum,
        leeftijdsgroep,
        indicator,
        eenheid,
        status,
        aantal,
        noemer
    from {{ ref('wijkcijfers_' ~ regeling) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
