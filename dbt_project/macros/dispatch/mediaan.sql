{# The median of a group of whole numbers: of an even number the mean of the two in the middle. #}
{% macro mediaan(waarde) %}{{ return(adapter.dispatch('mediaan', 'meerdoen')(waarde)) }}{% endmacro %}
{% macro default__mediaan(waarde) %}median({{ waarde }}){% endmacro %}
