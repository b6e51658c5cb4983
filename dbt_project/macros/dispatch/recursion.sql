{# How a query begins of which a step reads what it made before. Spark has it from 4.1 on; not tried there. #}
{% macro with_recursive() %}{{ return(adapter.dispatch('with_recursive', 'meerdoen')()) }}{% endmacro %}
{% macro default__with_recursive() %}with recursive{% endmacro %}
