{# The denominators: columns of model bevolking, and households. #}

{# All denominators that count residents. #}
{% macro noemers_van_inwoners() %}
{{ return([
    'inwoners', 'inwoners_15_aow', 'inwoners_15_plus', 'inwoners_0_22', 'inwoners_5_17', 'inwoners_2_3', 'inwoners_4_17'
]) }}
{% endmacro %}

{# The table `noemers` of some denominators. #}
{% macro noemers(namen) -%}
(values {% for naam in namen %}('{{ naam }}'){% if not loop.last %}, {% endif %}{% endfor %}) as noemers (noemer)
{%- endmacro %}
