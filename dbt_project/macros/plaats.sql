{# Who counts where (design.md section 6): expressions and joins; the placing itself is done in models/personen. #}

{# The wijk and the buurt of persons who cannot be placed in a gemeente. #}
{% macro onbekende_wijk(gemeentecode) -%} concat('WK', substr({{ gemeentecode }}, 3), 'onbekend') {%- endmacro %}
{% macro onbekende_buurt(gemeentecode) -%} concat('BU', substr({{ gemeentecode }}, 3), 'onbekend') {%- endmacro %}

{# Joins to each row of `persoon` (an alias with gemeentecode, persoon) where that person is on a day, in the areas of a
year, as `plaats`: empty for persons who never occur in the BRP. `opgegeven`: the model that places these by their
deliveries, as `opgave`. #}
{% macro plaats_op(persoon, dag, indelingsjaar, opgegeven=none) %}
left join {{ ref('personen') }} as plaats
    on
        {{ persoon }}.gemeentecode = plaats.gemeentecode
        and {{ persoon }}.persoon = plaats.persoon
        and {{ indelingsjaar }} = plaats.indelingsjaar
        and {{ dag }} >= plaats.van
        and {{ dag }} < plaats.tot
{% if opgegeven %}
left join {{ ref(opgegeven) }} as opgave
    on
        plaats.persoon is null
        and {{ persoon }}.gemeentecode = opgave.gemeentecode
        and {{ persoon }}.persoon = opgave.persoon
        and {{ indelingsjaar }} = opgave.indelingsjaar
{% endif %}
{% endmacro %}

{# The columns of a row with plaats_op: woont, vertrokken (or not yet arrived), overleden or onbekend_in_brp; and where.
A person who lives nowhere here is a household and an address of one: by the address that a delivery gave, if any. #}
{% macro waar(persoon, opgegeven=none) %}
{% set alleen = "concat(" ~ persoon ~ ".persoon, '||')" %}
{% set elders = ["opgave.adres", "opgave.wijkcode", "opgave.buurtcode"] if opgegeven else ["null", "null", "null"] %}
        coalesce(plaats.toestand, 'onbekend_in_brp') as toestand,
        coalesce(plaats.huishouden, {{ elders[0] }}, {{ alleen }}) as huishouden,
        coalesce(plaats.adres, {{ elders[0] }}, {{ alleen }}) as adres,
        coalesce(plaats.wijkcode, {{ elders[1] }}, {{ onbekende_wijk(persoon ~ '.gemeentecode') }}) as wijkcode,
        coalesce(plaats.buurtcode, {{ elders[2] }}, {{ onbekende_buurt(persoon ~ '.gemeentecode') }}) as buurtcode
{% endmacro %}

{# Counts residents, persons the BRP never knew, and those who left where the law keeps the gemeente responsible. #}
{% macro telt(toestand, telt_na_vertrek) -%}
    ({{ toestand }} in ('woont', 'onbekend_in_brp') or ({{ toestand }} = 'vertrokken' and {{ telt_na_vertrek }} = 'ja'))
{%- endmacro %}
