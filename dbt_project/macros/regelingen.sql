{# The names of the regelingen that are in a model over regelingen (dbt_project.yml). #}
{% macro regelingen_in(model) %}
    {% set found = [] %}
    {% for regeling, models in var('regelingen').items() %}
        {% if model in models %}{% do found.append(regeling) %}{% endif %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
