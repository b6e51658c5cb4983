{# Date arithmetic that engines write differently. Only what the models need. #}

{# The last day of the month of a date. #}
{% macro month_end(day) %}{{ return(adapter.dispatch('month_end', 'meerdoen')(day)) }}{% endmacro %}
{% macro default__month_end(day) %}last_day({{ day }}){% endmacro %}

{# A table of month-ends, column `peildatum`, from the month of `first` through that of `last` (both SQL dates). #}
{% macro month_ends(first, last) %}{{ return(adapter.dispatch('month_ends', 'meerdoen')(first, last)) }}{% endmacro %}
{% macro default__month_ends(first, last) %}
    select cast({{ month_end('maand') }} as date) as peildatum
    from (
        select unnest(generate_series(date_trunc('month', {{ first }}), date_trunc('month', {{ last }}), interval 1 month)) as maand
    ) as maanden
{% endmacro %}
{% macro spark__month_ends(first, last) %}
    select cast({{ month_end('maand') }} as date) as peildatum
    from (
        select explode(sequence(trunc({{ first }}, 'MM'), trunc({{ last }}, 'MM'), interval 1 month)) as maand
    ) as maanden
{% endmacro %}

{# A date some months later (or earlier), clipped to the last day of that month. #}
{% macro add_months(day, months) %}{{ return(adapter.dispatch('add_months', 'meerdoen')(day, months)) }}{% endmacro %}
{% macro default__add_months(day, months) %}cast({{ day }} + to_months(cast({{ months }} as integer)) as date){% endmacro %}
{% macro spark__add_months(day, months) %}add_months({{ day }}, cast({{ months }} as int)){% endmacro %}

{# A date some days later (or earlier). #}
{% macro add_days(day, days) %}{{ return(adapter.dispatch('add_days', 'meerdoen')(day, days)) }}{% endmacro %}
{% macro default__add_days(day, days) %}cast({{ day }} + to_days(cast({{ days }} as integer)) as date){% endmacro %}
{% macro spark__add_days(day, days) %}date_add({{ day }}, cast({{ days }} as int)){% endmacro %}

{# Text jjjjmmdd as a date; null where it is none. #}
{% macro parse_yyyymmdd(text) %}{{ return(adapter.dispatch('parse_yyyymmdd', 'meerdoen')(text)) }}{% endmacro %}
{% macro default__parse_yyyymmdd(text) %}cast(try_strptime({{ text }}, '%Y%m%d') as date){% endmacro %}
{% macro spark__parse_yyyymmdd(text) %}cast(try_to_timestamp({{ text }}, 'yyyyMMdd') as date){% endmacro %}
