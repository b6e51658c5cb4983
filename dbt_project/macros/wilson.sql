{# A bound of the 95% interval of Wilson (1927) for a share: `good` of `total`, `side` '-' (lower) or '+' (upper). #}
{% macro wilson(good, total, side) -%}
    round(
        (
            ({{ good }} + 1.920729410347062) {{ side }} 1.959963984540054 * sqrt(
                cast({{ good }} as double) * ({{ total }} - {{ good }}) / {{ total }} + 0.960364705173531
            )
        ) / ({{ total }} + 3.841458820694124),
        4
    )
{%- endmacro %}
