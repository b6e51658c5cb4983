{# A bound of the 95% interval of Wilson (1927) for a share: `good` of `total`, `side` '-' (lower) or '+' (upper).

z = 1.959963984540054; the numbers are z*z/2, z*z/4 and z*z. abs: a bound of nothing is 0, not minus 0. #}
{% macro wilson(good, total, side) -%}
    abs(
        round(
            (
                ({{ good }} + 1.920729410347062) {{ side }} 1.959963984540054 * sqrt(
                    cast({{ good }} as double) * ({{ total }} - {{ good }}) / {{ total }} + 0.960364705173531
                )
            ) / ({{ total }} + 3.841458820694124),
            4
        )
    )
{%- endmacro %}
