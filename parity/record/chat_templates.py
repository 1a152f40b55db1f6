"""Records what transformers makes of conversations by templates of many kinds: a row for each part of the language of Jinja, and templates
in the manner of well-known models.

usage, from the project's root:
  python3 parity/record/chat_templates.py text/src/test/resources
"""
import hashlib
import json
import pathlib
import sys

from transformers.utils.chat_template_utils import render_jinja_template

EXPRESSIONS = r'''
{{ none }}
{{ true }}
{{ false }}
{{ None }}{{ True }}{{ False }}
{{ x_undefined }}
{{ messages[0].nope }}
{{ tools }}
{{ n is none }}
{{ tools is none }}
{{ 7 / 2 }}
{{ 6 / 2 }}
{{ 7 // 2 }}
{{ -7 // 2 }}
{{ -7 % 3 }}
{{ 7 % 3 }}
{{ 2 ** 3 }}
{{ 2 ** -1 }}
{{ 1.0 }}
{{ 1e20 }}
{{ 0.1 + 0.2 }}
{{ 1 + 1.0 }}
{{ 3 * 'ab' }}
{{ 'ab' * 3 }}
{{ 'a' + 'b' }}
{{ 'a' + 1 }}
{{ 1 + 'a' }}
{{ 'a' ~ 1 ~ none ~ true }}
{{ '1' + '2' }}
{{ '1' == 1 }}
{{ 1 == '1' }}
{{ 1 == 1.0 }}
{{ true == 1 }}
{{ '' == none }}
{{ none == false }}
{{ 'a' < 'b' }}
{{ 'B' < 'a' }}
{{ '10' < '9' }}
{{ 10 < 9 }}
{{ 1 < 2 < 3 }}
{{ 3 > 2 > 1 }}
{{ 1 < '2' }}
{{ [1,2] == [1,2] }}
{{ [1, 2, 'a', none, true, 1.5] }}
{{ {'a': 1, 'b': [1, 'x'], 'c': none} }}
{{ (1, 2) }}
{{ (1,) }}
{{ messages[0] }}
{{ messages }}
{{ ['it\'s', "say \"x\"", 'both \' and "', 'new\nline'] }}
{{ 'é' }}{{ ['é', '😀'] }}
{{ [1,2] + [3] }}
{{ not true }}
{{ not '' }}
{{ '' or 'default' }}
{{ 'a' and 'b' }}
{{ 0 or none }}
{{ none or 'x' }}
{{ 'x' if false }}
{{ 'x' if '0' else 'y' }}
{{ 'x' if 'false' else 'y' }}
{{ 'x' if [] else 'y' }}
{{ 'x' if {} else 'y' }}
{{ 'x' if 0.0 else 'y' }}
{{ 'x' if [0] else 'y' }}
{{ 'x' if ' ' else 'y' }}
{% if 'false' %}yes{% else %}no{% endif %}
{% if 'False' %}yes{% else %}no{% endif %}
{% if '0' %}yes{% else %}no{% endif %}
{% if 0 %}yes{% else %}no{% endif %}
{% if -1 %}yes{% else %}no{% endif %}
{{ 1 in [1,2] }}
{{ '1' in [1,2] }}
{{ 1 in ['1'] }}
{{ 'a' in 'abc' }}
{{ 'a' in {'a': 1} }}
{{ 'role' in messages[0] }}
{{ 'x' not in messages[0] }}
{{ 'A' in 'abc' }}
{{ '' in 'abc' }}
{{ none in [none] }}
{{ x_undefined is defined }}
{{ messages is defined }}
{{ tools is defined }}
{{ messages[0].nope is defined }}
{{ messages[0].content is string }}
{{ messages is string }}
{{ messages is iterable }}
{{ 'abc' is iterable }}
{{ 'abc' is sequence }}
{{ messages is sequence }}
{{ messages[0] is mapping }}
{{ messages[0] is iterable }}
{{ messages[0] is sequence }}
{{ messages is mapping }}
{{ 1 is number }}
{{ 1.5 is number }}
{{ true is number }}
{{ '1' is number }}
{{ 1 is integer }}
{{ 1.0 is float }}
{{ true is boolean }}
{{ true is integer }}
{{ true is true }}
{{ 1 is true }}
{{ 'a' is true }}
{{ false is false }}
{{ none is false }}
{{ 0 is false }}
{{ x_undefined is false }}
{{ x_undefined is none }}
{{ x_undefined is undefined }}
{{ none is undefined }}
{{ x_undefined is string }}
{{ 3 is odd }}
{{ 4 is even }}
{{ 4 is divisibleby 2 }}
{{ 4 is divisibleby(3) }}
{{ 3 is eq 3 }}
{{ 3 is sameas 3 }}
{{ 'a' is lower }}
{{ 'A' is upper }}
{{ 'a' is in 'abc' }}
{{ 'a' is in ['abc'] }}
{{ 3 is gt 2 }}
{{ 3 is ne 2 }}
{{ 'trim' is filter }}
{{ 'defined' is test }}
{{ x is not defined }}
{{ 1 is not none }}
{{ namespace is callable }}
{{ 'a\nb' | indent }}
{{ 'a\nb' | indent(2) }}
{{ 'a\n\nb' | indent(2, true) }}
{{ 'a\n\nb' | indent(2, first=true, blank=true) }}
{{ 'a\nb' | indent(width=2) }}
{{ {'b': 1, 'a': 2} | dictsort }}
{% for k, v in {'b': 1, 'a': 2, 'C': 0} | dictsort %}{{ k }}{{ v }}{% endfor %}
{% for k, v in {'b': 1, 'a': 2} | dictsort(by='value') %}{{ k }}{{ v }}{% endfor %}
{{ [1, 2, 1, 'a', 'A'] | unique | list }}
{{ ['b', 'A', 'a', 'B'] | unique | join }}
{{ [1,2,3,4,5] | batch(2) | list }}
{% for b in [1,2,3,4,5] | batch(2, 'x') %}[{{ b | join(',') }}]{% endfor %}
{% for b in [1,2,3,4,5] | slice(2) %}[{{ b | join(',') }}]{% endfor %}
{{ [3,1,2] | sort | join(',') }}
{{ ['b', 'A', 'a', 'B'] | sort | join(',') }}
{{ ['b', 'A', 'a', 'B'] | sort(case_sensitive=true) | join(',') }}
{{ [3,1,2] | sort(reverse=true) | join(',') }}
{{ messages | sort(attribute='content') | map(attribute='content') | join(',') }}
{{ [1,2,3] | sum }}
{{ [1,2,3] | max }}{{ [1,2,3] | min }}
{{ [1,2,3] | first }}{{ [1,2,3] | last }}
{{ [] | first }}
{{ 'abc' | first }}{{ 'abc' | last }}
{{ 'abc' | reverse }}
{{ [1,2,3] | reverse | list }}
{{ [1,2,3] | reverse | join }}
{{ 'abc' | list }}
{{ {'a':1} | list }}
{{ 'a b' | title }}{{ "it's they're a-b" | title }}
{{ 'aBC dEF' | capitalize }}
{{ "it's" .title() }}
{{ 'hello world' | wordcount }}
{{ 'abc' | upper }}{{ 'ABC' | lower }}
{{ '  a  ' | trim }}|
{{ 'xxaxx' | trim('x') }}
{{ 'a,b' | replace(',', ';') }}
{{ 'aaa' | replace('a', 'b', 2) }}
{{ 'abc' | center(9) }}|
{{ 'a long text here' | truncate(8) }}
{{ 'a long text here' | truncate(8, true, '..') }}
{{ 'a long text here' | wordwrap(6) }}
{{ '<b>' | escape }}
{{ '<b>' | e }}
{{ '<b>' | safe }}
{{ '<b> "' | tojson }}
{{ 'a b/ü' | urlencode }}
{{ '<p>x</p>' | striptags }}
{{ '42' | int + 1 }}
{{ 'x' | int }}
{{ 'x' | int(5) }}
{{ 3.9 | int }}
{{ '3.5' | float }}
{{ 3 | float }}
{{ 3.456 | round(1) }}
{{ 3.5 | round }}
{{ 2.5 | round }}
{{ 3 | round }}
{{ -3 | abs }}
{{ 42 | string }}
{{ none | string }}
{{ true | string }}
{{ messages[0] | string }}
{{ [1,'a'] | string }}
{{ 5 | string | length }}
{{ x_undefined | default('d') }}
{{ none | default('d') }}
{{ '' | default('d') }}
{{ '' | default('d', true) }}
{{ none | default('d', true) }}
{{ x_undefined | d('q') }}
{{ '%s and %d' | format('a', 3) }}
{{ '%s-%s' % ('a', 'b') }}
{{ 'x={}'.format(3) }}
{{ 'x={a}'.format(a=3) }}
{{ [1,2,3] | length }}{{ 'abc' | count }}
{{ x_undefined | length }}
{{ none | length }}
{{ 5 | length }}
{{ [1,none,'a',true] | join(',') }}
{{ x_undefined | join(',') }}
{{ messages | map(attribute='content') | list }}
{{ messages | map('length') | list }}
{{ ['a','b'] | map('upper') | join(',') }}
{{ [' a ', 'b'] | map('trim') | list }}
{{ messages | map(attribute='nope', default='zz') | list }}
{{ messages | selectattr('role', 'equalto', 'user') | list | length }}
{{ messages | selectattr('role', 'eq', 'user') | list | length }}
{{ messages | selectattr('role', '==', 'user') | list | length }}
{{ messages | selectattr('role', 'in', ['user']) | list | length }}
{{ messages | selectattr('role', 'ne', 'user') | list | length }}
{{ messages | rejectattr('role', 'equalto', 'user') | list | length }}
{{ messages | selectattr('nope') | list | length }}
{{ messages | selectattr('role') | list | length }}
{{ messages | selectattr('nope', 'defined') | list | length }}
{{ [0,1,2,3] | select('odd') | list }}
{{ [0,1,2,'a'] | select | list }}
{{ [0,1,2,3] | reject('odd') | list }}
{{ ['a',1] | select('string') | list }}
{{ [1,2,3] | select('gt', 1) | list }}
{{ [1,2,3] | select('>', 1) | list }}
{{ messages | groupby('role') | length }}
{% for g in messages | groupby('role') %}{{ g.grouper }}:{{ g.list | length }};{% endfor %}
{% for r, l in messages | groupby('role') %}{{ r }}:{{ l | length }};{% endfor %}
{{ {'a': 1} | items | list }}
{{ {'a': 1, 'b': 2} | tojson }}
{{ [1.0, 1e20, 0.1, 1e-7, 100000000000000000000.5] | tojson }}
{{ none | tojson }}{{ true | tojson }}
{{ 'ü"\\/<>&\'' | tojson }}
{{ x_undefined | tojson }}
{{ {'b': 1, 'a': [1, {'c': none}]} | tojson(indent=4) }}
{{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }}
{{ {'b': 1, 'a': 2} | tojson(separators=(',', ':')) }}
{{ 'é' | tojson(ensure_ascii=true) }}
{{ {'a': 1, 'b': 2} | tojson(indent=2, separators=(',', ':')) }}
{{ {1: 2, true: 3, none: 4} | tojson }}
{{ '\u2028\x7f' | tojson }}
{{ {'a': 1} | xmlattr }}
{{ [1,2,3] | pprint }}
{{ 'abc' | filesizeformat }}
{{ 1000 | filesizeformat }}
{{ 'a' | unknownfilter }}
{{ 'a' is unknowntest }}
{{ messages[0]['role'][0] }}
{{ 'abc'[0] }}{{ 'abc'[-1] }}
{{ 'abc'[5] }}
{{ 'abc'[1:] }}{{ 'abc'[:-1] }}{{ 'abc'[-2:] }}{{ 'abc'[1:2] }}
{{ 'abcdef'[::2] }}
{{ 'abc'[::-1] }}
{{ '😀abc'[1:] }}
{{ '😀abc'[:1] }}
{{ [1,2,3][1:] }}{{ [1,2,3][:-1] }}{{ [1,2,3][-2:] }}
{{ [1,2,3][::-1] }}
{{ [1,2,3][::2] }}
{{ [1,2,3][10:] }}
{{ [1,2,3][10] }}
{{ [1,2,3][-1] }}{{ [1,2,3][-5] }}
{{ [1,2,3].index(2) }}
{{ [1,2,3].count(2) }}
{{ messages[1:] | length }}
{{ messages[:-1] | length }}
{{ (messages[1:])[0].content }}
{{ messages[1:][0].content }}
{{ {'a': 1}.a }}{{ {'a': 1}['a'] }}{{ {'a': 1}.b }}
{{ {'items': 5}['items'] }}
{{ {'a': 1}.items() | list }}
{{ {'a': 1}.keys() | list }}{{ {'a': 1}.values() | list }}
{{ {'a': 1}.get('b') }}
{{ {'a': 1}.get('b', 'c') }}
{{ {'a': 1}.get('a') }}
{{ {'a': 1}.update({'b': 2}) }}
{{ dict(a=1, b=2) }}
{{ dict(a=1, b=2).a }}
{% set d = dict(a=1) %}{{ d.a }}
{% set l = [] %}{{ l.append(1) }}{{ l }}
{% set l = [] %}{% set _ = l.append(1) %}{{ l }}
{% do messages.append(1) %}
{% for i in range(3) %}{{ i }}{% endfor %}
{% for i in range(3, 0, -1) %}{{ i }}{% endfor %}
{{ range(3) }}
{{ range(3) | list }}
{{ range(2000) | list | length }}
{% for x in [1,2,3] %}{{ loop.previtem }},{{ loop.nextitem }};{% endfor %}
{% for x in [1,2,3] %}{{ loop.previtem is defined }},{{ loop.nextitem is defined }};{% endfor %}
{% for x in [1,2,3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }};{% endfor %}
{% for x in [1,2,3] %}{{ loop.cycle('a','b') }}{% endfor %}
{% for x in [1,1,2] %}{{ loop.changed(x) }}{% endfor %}
{% for x in [] %}a{% else %}empty{% endfor %}
{% for x in [1] %}a{% else %}empty{% endfor %}
{% for x in none %}a{% endfor %}
{% for x in x_undefined %}a{% else %}e{% endfor %}
{% for c in 'abc' %}{{ c }}.{% endfor %}
{% for c in 'a,b' %}{{ c }}.{% endfor %}
{% for k in {'a': 1, 'b': 2} %}{{ k }}{% endfor %}
{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}{{ v }}{% endfor %}
{% for a, b in [(1,2),(3,4)] %}{{ a }}{{ b }}{% endfor %}
{% for a, b in [[1,2],[3,4]] %}{{ a }}{{ b }}{% endfor %}
{% for x in 5 %}a{% endfor %}
{% for x in [1,2] recursive %}{{ x }}{% endfor %}
{% for x in [[1],[2]] recursive %}{% if x is iterable %}{{ loop(x) }}{% else %}{{ x }}{% endif %}{% endfor %}
{% for x in [3,4] if x > 3 %}{{ x }}{{ loop.index }}{% endfor %}
{% for x in [3,4] if x > 9 %}{{ x }}{% else %}none{% endfor %}
{% for x in ([3,4] if true else []) %}{{ x }}{% endfor %}
{% for x in [1,2] + [3] if x != 2 %}{{ x }}{% endfor %}
{% set a = 1 %}{% for x in [1,2] %}{% set a = a + x %}{% endfor %}{{ a }}
{% set a = 1 %}{% for x in [1,2] %}{% set a = a + x %}{{ a }}{% endfor %}
{% set a = 1 %}{% if true %}{% set a = 2 %}{% endif %}{{ a }}
{% for x in [1] %}{% if true %}{% set a = 2 %}{% endif %}{{ a }}{% endfor %}{{ a }}
{% for x in [1,2] %}{{ y }}{% set y = x %}{% endfor %}
{% for x in [1] %}{% endfor %}{{ x }}
{% set x = 9 %}{% for x in [1] %}{{ x }}{% endfor %}{{ x }}
{% set ns = namespace(a=1) %}{% for x in [1,2] %}{% set ns.a = ns.a + x %}{% endfor %}{{ ns.a }}
{% set ns = namespace() %}{% set ns.b = 'q' %}{{ ns.b }}{{ ns.c }}
{% set ns = namespace(found=false) %}{% for m in messages %}{% if m.role == 'assistant' %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }}
{% set ns = namespace(l=[]) %}{% set ns.l = ns.l + [1] %}{{ ns.l }}
{% set a, b = 1, 2 %}{{ a }}{{ b }}
{% set a = 1, 2 %}{{ a }}
{% set t %}hello {{ 1 }}{% endset %}{{ t }}
{% set t %}  x  {% endset %}[{{ t | trim }}]{{ t is string }}
{% set t | upper %}x{% endset %}{{ t }}
{% set x = none %}{{ x }}{{ x is none }}
{% set x %}{% endset %}{{ x == '' }}
{% macro f(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}{{ f(1, 3) }}{{ f(a=5) }}{{ f(1, b='z') }}
{% macro f(a) %}{{ a }}{% endmacro %}[{{ f() }}]
{% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, x=2) }}
{% macro f() %}{{ caller() }}{% endmacro %}{% call f() %}inner{% endcall %}
{% macro f(a) %}{% for x in a %}{{ x }}{% endfor %}{% endmacro %}{{ f([1,2]) }}
{% macro f(a) %}{{ bos_token }}{{ a }}{% endmacro %}{{ f('q') }}
{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}
{% set g = 1 %}{% macro f() %}{{ g }}{% endmacro %}{% set g = 2 %}{{ f() }}
{% for x in [1] %}{% macro f() %}{{ x }}{% endmacro %}{{ f() }}{% endfor %}
{% macro f(a) %}  {{ a }}  {% endmacro %}[{{ f(1) | trim }}]{{ f(1) | length }}
{% with a = 1 %}{{ a }}{% endwith %}{{ a }}
{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q }}
{% filter upper %}abc{% endfilter %}
{% raw %}{{ x }}{% endraw %}
{% raw %}  {% if %}
{% endraw %}x
{% block a %}x{% endblock %}
{% include 'x' %}
{% import 'x' as y %}
{% extends 'x' %}
{% autoescape true %}{{ '<' }}{% endautoescape %}
{{ '<' }}{{ "&" }}
{{ "a\tb\nc\\d" }}
{{ 'a\'b' }}
{{ "\u00e9" }}
{{ "\x41" }}
{{ "\q" }}
{{ '{{' }}{{ '%}' }}
{{ "{{ x }}" }}
{{ '{% if %}' }}
{{ '#}' }}{# comment {{ x }} #}after
{#- c -#} x
a {#- c -#} b
a  {{- 1 -}}  b
a {%- if true -%} b {%- endif -%} c
a
{%- if true %}
 b
{%- endif %}
c
  {% if true %}
x
  {% endif %}
y
  {%+ if true %}x{% endif %}
{% if true +%}
x{% endif %}
{{ 1 }}
{{ 2 }}

end
a{% if true %}

b{% endif %}
{{- '  a' }}
x {{ '' -}}
 y
{% for x in [1,2] -%}
  {{ x }}
{% endfor -%}
z
{% for x in [1,2] %}
  {{- x }}
{%- endfor %}
z
{%- for x in [1,2] %}
{{ x }}

{%- endfor %}
{{ 'a' if true else 'b' if false else 'c' }}
{{ ('a' if false else 'b') ~ 'c' }}
{{ 'a' ~ 'b' if false else 'c' }}
{{ 1 + 2 * 3 - 4 / 2 }}
{{ (1 + 2) * 3 }}
{{ 10 - 2 - 3 }}
{{ -2 ** 2 }}
{{ - 3 + 5 }}
{{ not 1 == 2 }}
{{ not 1 in [1] }}
{{ 1 == 1 and 2 == 3 or true }}
{{ true or false and false }}
{{ 1 if 2 > 1 and not false else 0 }}
{{ 'a' | upper ~ 'b' }}
{{ 'a' ~ 'b' | upper }}
{{ 1 + '3' | int }}
{{ -1 | abs }}
{{ (-1) | abs }}
{{ not x_undefined is defined }}
{{ x_undefined is not defined and true }}
{{ 'a' == 'a' | upper }}
{{ messages | length - 1 }}
{{ messages | length > 1 }}
{{ messages | length % 2 == 1 }}
{{ (messages | length) - 1 == 2 }}
{{ loop is defined }}
{{ messages[messages | length - 1].role }}
{{ messages[-1]['role'] == 'user' }}
{{ messages[0].role.__class__ }}
{{ ''.join(['a', 'b']) }}
{{ ','.join(messages | map(attribute='role')) }}
{{ 'a-b'.split('-') }}
{{ 'a b  c'.split() }}
{{ 'a b  c'.split(' ') }}
{{ 'a-b-c'.split('-', 1) }}
{{ 'a-b-c'.rsplit('-', 1) }}
{{ 'a b c'.rsplit(none, 1) }}
{{ 'a-b-c'.partition('-') }}
{{ 'a-b-c'.rpartition('-') }}
{{ 'a b c '.split(none, 1) }}
{{ 'a\nb\r\nc'.splitlines() }}
{{ 'a\nb\n'.splitlines(true) }}
{{ 'a\x0bb\u2028c'.splitlines() }}
{{ 'abc'.startswith('a') }}{{ 'abc'.endswith(('c', 'd')) }}{{ 'abc'.startswith('b', 1) }}
{{ 'abc'.find('c') }}{{ 'abc'.find('z') }}{{ 'abcabc'.find('a', 1) }}
{{ '😀abc'.find('c') }}
{{ 'abc'.index('c') }}
{{ 'abc'.index('z') }}
{{ 'aaa'.count('a') }}{{ 'abc'.count('') }}
{{ 'abc'.replace('', '-') }}
{{ 'abc'.replace('b', '', 1) }}
{{ 'abc'.upper().lower().strip() }}
{{ 'ab'.isalpha() }}{{ '12'.isdigit() }}{{ 'a1'.isalnum() }}{{ 'A'.isupper() }}{{ 'a'.islower() }}{{ ' '.isspace() }}
{{ '²'.isdigit() }}
{{ 'abc'.center(9) }}|{{ 'abc'.ljust(5) }}|{{ 'abc'.rjust(5) }}|{{ '5'.zfill(3) }}
{{ 'ß'.upper() }}{{ 'ẞ'.lower() }}{{ 'ǆ'.title() }}{{ 'ŉ'.capitalize() }}
{{ 'İ'.lower() | length }}
{{ 'ΑΣ'.lower() }}
{{ 'ß' | upper }}{{ 'ß' | capitalize }}
{{ ' \x1c\x85a\u00a0\u200b'.strip() | length }}
{{ ' \x1ca\u00a0' | trim | length }}
{{ 'abc'.encode() }}
{{ 'a'.swapcase() }}
{{ cycler('a','b').next() }}
{{ joiner(', ')() }}
{{ raise_exception('bad: ' ~ 5) }}
{{ raise_exception(5) }}
{{ raise_exception() }}
{{ messages[0].content.nope }}
{{ x_undefined.y }}
{{ x_undefined['y'] }}
{{ x_undefined.y.z }}
{{ messages[0].nope.z }}
{{ x_undefined + 'a' }}
{{ 'a' + x_undefined }}
{{ 'a' + none }}
{{ 'a' + messages[0].nope }}
{{ none + 1 }}
{{ 1 / 0 }}
{{ 1 // 0 }}
{{ 1 % 0 }}
{{ x_undefined == none }}
{{ x_undefined == '' }}
{{ x_undefined < 3 }}
{{ none < 3 }}
{{ x_undefined() }}
{{ messages() }}
{{ messages[0].nope() }}
{{ messages | first | string }}
{{ true and 'x' }}
{{ true + 1 }}
{{ true | int }}
{{ 'true' | int }}
{{ 100000000000000000000 }}
{{ 9223372036854775807 + 1 }}
{{ 2147483647 + 1 }}
{{ 2147483647 * 2 }}
{{ 123456789 * 1000000000000 }}
{{ 1_000 }}
{{ 0x1f }}
{{ 1.5e3 }}
{{ 10.0 }}
{{ 1/3 }}
{{ 10 / 4 }}
{{ 5 / 1.0 }}
{{ 5.0 // 2 }}
{{ 1.5 % 1 }}
{{ 1e16 }}
{{ 123456789.123 * 10 }}
{{ 0.00001 }}
{{ 'x' | string is string }}
{{ tools_u | default([], true) | length }}
{{ num }}{{ num + 1 }}{{ num == 5 }}
{{ fl }}{{ fl + 1 }}
{{ big }}
{{ nul }}{{ nul is none }}
{{ flag }}{{ flag == true }}{{ flag is true }}
{{ nested.a.b }}{{ nested['a']['b'] }}{{ nested.a.c.d }}
{{ nested.list[0] }}{{ nested.list[-1] }}{{ nested.list | last }}
{{ nested }}
{{ nested.keys() }}
{{ nested.items() }}
{{ nested.values() | list | length }}
{{ nested.a.items() }}
{{ nested.size }}{{ nested.empty }}{{ messages.size }}{{ messages.empty }}
{{ messages.length }}{{ 'abc'.length }}
{{ 'abc'.length() }}
{{ 'abc'.toUpperCase() }}
{{ messages.size() }}
{{ messages.isEmpty() }}
{{ nested.entrySet() }}
{{ nested.containsKey('a') }}
{{ 'abc'.contains('a') }}
{{ 'abc'.isEmpty() }}
{{ 'abc'.substring(1) }}
{{ messages[0].get('content')[0] }}
{{ messages.0.role }}
{{ messages[0] .role }}
{{ messages [0].role }}
{{ messages['0'].role }}
{{ messages[true].role }}
{{ messages[1.0].role }}
{{ [[1,2],[3]] | sum(start=[]) }}
{{ messages | map(attribute='content') | map('length') | sum }}
{{ 'a' in ['a'] and 'b' not in ['a'] }}
{{ 'x' if messages[0].role == 'user' and messages | length > 1 else 'y' }}
{{ [x for x in [1]] }}
{{ lambda x: x }}
{{ 1 if }}
{{ ' a' 'b' }}
{{ "a" "b" }}
{{ a = 1 }}
{{ 'a';'b' }}
{{ 'a' && 'b' }}
{{ true || false }}
{{ !true }}
{{ 1 eq 1 }}
{{ 1 gt 0 }}
{{ 5 mod 3 }}
{{ 5 div 3 }}
{{ empty messages }}
{{ empty }}
{{ 'a' ? 1 : 2 }}
{{ true ? 'a' : 'b' }}
{{ null }}
{{ deferred }}
{{ request }}
{{ ____int3rpr3t3r____ }}
{{ int3rpr3t3r }}
{{ loop }}
{{ 'a' is containing 'a' }}
{{ [1] is containing 1 }}
{{ 'a' is string_containing 'a' }}
{{ 'abc' is string_startingwith 'a' }}
{{ [1] is truthy }}
{{ 'a' is within ['a'] }}
{{ 'a' | md5 }}
{{ 'a' | cut('a') }}
{{ 'a b' | split(' ') }}
{{ 5 | add(3) }}
{{ 5 | multiply(3) }}
{{ 5 | log }}
{{ '5' | bool }}
{{ [1] | shuffle }}
{{ '{"a":1}' | fromjson }}
{{ 'x' | datetimeformat }}
{{ [1,2] | difference([1]) }}
{{ 'a' | escapejson }}
{{ unixtimestamp() }}
{{ type(1) }}
{{ today() }}
{{ 'ab' | regex_replace('a', 'c') }}
{% unless true %}x{% endunless %}
{% ifchanged x %}a{% endifchanged %}
{% cycle 'a','b' %}
{% print 1 %}
{% elif %}
{% if true %}a{% elif %}b{% endif %}
{% if true %}a
{% endfor %}
{% if true %}a{% endfor %}
{{ 1
}}
{{ 'a
b' }}
text } } { {
{ { x } }
{%if true%}a{%endif%}
{{x_undefined}}{{1}}
{% if messages[0]['role'] == 'user' %}u{% elif messages[0]['role'] == 'system' %}s{% else %}o{% endif %}
{% if not messages %}e{% endif %}
{% if messages and messages[0].role == 'user' %}e{% endif %}
{% if tools is not none and tools %}t{% else %}n{% endif %}
{% if tools is defined and tools %}t{% else %}n{% endif %}
{% if documents %}d{% endif %}{{ documents }}
{% set loop_messages = messages[1:] if messages[0].role == 'system' else messages %}{{ loop_messages | length }}
{% set sys = messages[0].content if messages[0].role == 'system' else '' %}[{{ sys }}]
{% set a = {'x': 1} %}{% set b = dict(a, y=2) %}{{ b }}
{% set a = "x" %}{% set a = a + 'y' %}{{ a }}
{% set a = 'x' %}{% set a %}{{ a }}y{% endset %}{{ a }}
{% set first = true %}{% for m in messages %}{% if first %}F{% set first = false %}{% endif %}{% endfor %}
{% for m in messages %}{% if not loop.first %},{% endif %}{{ loop.index0 % 2 == 0 }}{% endfor %}
{% for m in messages %}{% for n in messages %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}
{% for m in messages %}{% set outer = loop %}{% for n in [1,2] %}{{ outer.index }}{{ loop.index }}{% endfor %}{% endfor %}
{% for m in messages | reverse %}{{ m.role }}{% endfor %}
{% for m in messages[::-1] %}{{ m.role }}{% endfor %}
{% for m in messages[1:] %}{{ m.role }}{% endfor %}
{% for m in messages %}{{ m['content'] | trim + eos_token }}{% endfor %}
{% for m in messages %}{{ '<|' + m['role'] + '|>\n' + m['content'] + '</s>' + '\n' }}{% endfor %}
{% for k in nested | sort %}{{ k }}{% endfor %}
{% for k, v in nested | items %}{{ k }}{% endfor %}
{% for p in nested.items() %}{{ p[0] }}{{ p }}{% endfor %}
{% for p in nested.a.items() %}{{ p }}{% endfor %}
{% for i, m in messages %}{{ i }}{% endfor %}
{{ "%.2f" | format(3.14159) }}
{{ "%05d" | format(42) }}
{{ "%s" | format(none) }}{{ "%s" | format(true) }}{{ "%r" | format('a') }}
{{ 'Cutting Knowledge Date: ' ~ none }}
{{ 'a' ~ [1, 'b'] }}
{{ 'a' ~ {'k': true} }}
{{ 'a' ~ 1.0 }}
{{ 'a' ~ x_undefined }}
{{ none ~ '' }}
{{ [none] | join }}{{ [true, 1.0] | join }}
{{ [[1, 'a']] | join }}
{{ 'None' == none | string }}
{% if (1 == 1) != (2 == 2) %}a{% else %}b{% endif %}
{% if ('a' == 'a') != (loop_x % 2 == 0) %}a{% endif %}
{{ 'b' > 'a' and 'B' > 'A' }}
{{ 'true' == true }}
{{ '' == 0 }}
{{ 0 == false }}
{{ [] == '' }}
{{ 'a' != none }}
{{ '5' > 3 }}
{{ '5' * 2 }}
{{ '5' - 2 }}
{{ '5' / 2 }}
{{ [1] * 2 }}
{{ [1] - [1] }}
{{ {'a': 1} == {'a': 1.0} }}
{{ num > '3' }}
{{ num == '5' }}
{{ num | string == '5' }}
{{ 'x' | replace('x', none) }}
{{ 'x5' | replace(5, 6) }}
{{ 5 | replace(5, 6) }}
{{ 5 | upper }}
{{ none | upper }}
{{ none | trim }}
{{ x_undefined | trim }}|
{{ x_undefined | upper }}|
{{ true | upper }}
{{ [1] | trim }}
{{ 5 | trim }}
{{ none | lower }}
{{ messages | trim }}
{{ nested.a | trim }}
{{ nested.a | upper }}
{{ messages[0].content | length }}
{{ nested | length }}
{{ nul | trim }}
{{ flag | lower }}
'''.strip("\n").split("\n")
LINES = [
    'a\n{%- if true %}\n b\n{%- endif %}\nc',
    '  {% if true %}\nx\n  {% endif %}\ny',
    '  {%+ if true %}x{% endif %}',
    '{% if true +%}\nx{% endif %}',
    '{{ 1 }}\n{{ 2 }}\n\nend',
    'a{% if true %}\n\nb{% endif %}',
    "x {{ '' -}}\n y",
    '{% for x in [1,2] -%}\n  {{ x }}\n{% endfor -%}\nz',
    '{% for x in [1,2] %}\n  {{- x }}\n{%- endfor %}\nz',
    '{%- for x in [1,2] %}\n{{ x }}\n\n{%- endfor %}',
    '{{ 1\n}}',
    "{{ 'a\nb' }}",
    "{{ '{%  \n%}' }}x",
    'a\n\n',
    'a\r\n{% if true %}\r\nb{% endif %}\r\n',
    "a {{ '  {% x' }}\n  {{ 1 }}",
    "{{ 'x' }}  \n  {# c #}  \n  y",
    '{# c\n#}\n  {# d #}\nx',
    '{% raw %}\n  {{ x }}\n  {% if %}\n{% endraw %}\nz',
    'a  {%- raw -%}  b  {%- endraw -%}  c',
    "{{ 'line\n  {% if true %}\nx' }}",
    '{% set x %}\n  a\n{% endset %}\n[{{ x }}]',
    '{% macro f() %}\n  a\n{% endmacro %}\n[{{ f() }}]',
    '{% if true %}a\n  {%- else %}\nb{% endif %}',
    '  {{ 1 }}  {%- if true %}  x{% endif %}',
    "\n  {{- 'a' }}",
    '\t{% if true %}\tx{% endif %}\t',
    'x  {%- set a = 1 %}  y',
    'x\n  {%- set a = 1 -%}\n  y',
    '{% for m in messages %}\n{{ m.role }}\n{% endfor %}\n',
    'a{#- x #}\nb',
    'a\n  {#- x -#}\n  b',
    '{%- if true -%}\n\n a \n\n{%- endif -%}\n\n',
    "{{ 'a' }}\n",
    "{{ 'a' }}\n\n",
    'a\xa0{%- if true %}b{% endif %}',
    'a\u200b{%- if true %}b{% endif %}',
    'x{% if true -%}\xa0y{% endif %}',
    'x{% if true -%}\u2003\x1cy{% endif %}',
]
MESSAGES = [{"role": "user", "content": "Hi there"}, {"role": "assistant", "content": "Yo"}, {"role": "user", "content": "Bye"}]
VARIABLES = {"num": 5, "fl": 2.0, "big": 12345678901, "nul": None, "flag": True,
             "nested": {"a": {"b": 1}, "list": [1, 2.5, "x"], "t": False, "n": None}}
TOOLS = [{"type":"function","function":{"name":"get_weather","description":"Gets <weather> & \"now\".","parameters":{"type":"object","properties":{"city":{"type":"string","description":"The city","enum":["Köln","東京"]},"n":{"type":"integer","default":3},"f":{"type":"number","default":0.5},"b":{"type":"boolean","default":True},"l":{"type":"array","items":{"type":"string"}}},"required":["city"]},"return":{"type":"string","description":"x"}}},
{"type":"function","function":{"name":"noop","description":"","parameters":{"type":"object","properties":{}}}}]
def U(content):
    return {"role": "user", "content": content}


def A(content, **further):
    return {"role": "assistant", "content": content, **further}


def S(content):
    return {"role": "system", "content": content}


CALL=[{"id":"abc123def","type":"function","function":{"name":"get_weather","arguments":{"city":"Köln","n":2,"f":1e-7,"x":None,"t":True}}}]
CONVERSATIONS = [[U("Hello")],[S("Be <short>."),U("  Hi {{ 7 }} {% if %}\n")],[U("a"),A(" b\n"),U("c 😀")],[U("x"),U("y")],[A("first"),U("y")],[S("s"),U("false"),A("None"),U("0")],
[U("w?"),{"role":"assistant","content":None,"tool_calls":CALL},{"role":"tool","content":"sunny","name":"get_weather","tool_call_id":"abc123def"},A("It is sunny.")],
[U("w?"),{"role":"assistant","content":"","tool_calls":CALL+CALL},{"role":"tool","content":{"t":1.5,"ok":True,"z":None},"name":"get_weather","tool_call_id":"abc123def"},{"role":"tool","content":"b","tool_call_id":"abc123def"},U("and?")],
[U("q"),A("<think>\nhm\n</think>\n\nanswer"),U("r"),A("ok",reasoning_content="why")],
[{"role":"user","content":[{"type":"text","text":"part one "},{"type":"text","text":"two"}]},A("k")],
[S(""),U(""),A("")],[{"role":"developer","content":"dev"},U("a\r\nb\u2028c")],[],
[{"role":"user","content":None}],[{"role":"ipython","content":"42"}],[U("w?"),A("text",tool_calls=CALL),{"role":"ipython","content":{"a":[1,2]}}]]
MODELS = {}
MODELS["llama2"]="""{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% elif USE_DEFAULT_PROMPT == true and not '<<SYS>>' in messages[0]['content'] %}{% set loop_messages = messages %}{% set system_message = 'DEFAULT_SYSTEM_MESSAGE' %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'system' %}{{ '<<SYS>>\\n' + content.strip() + '\\n<</SYS>>\\n\\n' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"""
MODELS["llama3"]="""{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"""
MODELS["llama31"]="""{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not tools_in_user_message is defined %}
    {%- set tools_in_user_message = true %}
{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined and false %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}

{#- This block extracts the system message, so we can slot it into the right place. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}

{#- System message + builtin tools #}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if builtin_tools is defined or tools is not none %}
    {{- "Environment: ipython\\n" }}
{%- endif %}
{%- if builtin_tools is defined %}
    {{- "Tools: " + builtin_tools | reject('equalto', 'code_interpreter') | join(", ") + "\\n\\n"}}
{%- endif %}
{{- "Cutting Knowledge Date: December 2023\\n" }}
{{- "Today Date: " + date_string + "\\n\\n" }}
{%- if tools is not none and not tools_in_user_message %}
    {{- "You have access to the following functions. To call a function, please respond with JSON for a function call." }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- if tools_in_user_message and not tools is none %}
    {#- Extract the first user message so we can plug it in here #}
    {%- if messages | length != 0 %}
        {%- set first_user_message = messages[0]['content']|trim %}
        {%- set messages = messages[1:] %}
    {%- else %}
        {{- raise_exception("Cannot put tools in the first user message when there's no first user message!") }}
{%- endif %}
    {{- '<|start_header_id|>user<|end_header_id|>\\n\\n' -}}
    {{- "Given the following functions, please respond with a JSON for a function call " }}
    {{- 'Respond in the format {"name": function name, "parameters": dictionary of argument name and its value}.' }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
    {{- first_user_message + "<|eot_id|>"}}
{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {%- if builtin_tools is defined and tool_call.name in builtin_tools %}
            {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
            {{- "<|python_tag|>" + tool_call.name + ".call(" }}
            {%- for arg_name, arg_val in tool_call.arguments | items %}
                {{- arg_name + '="' + arg_val + '"' }}
                {%- if not loop.last %}
                    {{- ", " }}
                {%- endif %}
                {%- endfor %}
            {{- ")" }}
        {%- else  %}
            {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
            {{- '{"name": "' + tool_call.name + '", ' }}
            {{- '"parameters": ' }}
            {{- tool_call.arguments | tojson }}
            {{- "}" }}
        {%- endif %}
        {%- if builtin_tools is defined %}
            {{- "<|eom_id|>" }}
        {%- else %}
            {{- "<|eot_id|>" }}
        {%- endif %}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""
MODELS["qwen25"]="""{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- else %}
        {{- 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.' }}
    {%- endif %}
    {{- "\\n\\n# Tools\\n\\nYou may call one or more functions to assist with the user query.\\n\\nYou are provided with function signatures within <tools></tools> XML tags:\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools>\\n\\nFor each function call, return a json object:\\n<tool_call>\\n{\\"name\\": <function-name>, \\"arguments\\": <args-json-object>}\\n</tool_call><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>system\\nYou are Qwen.<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content %}
            {{- '\\n' + message.content }}
        {%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' }}
            {{- tool_call.name }}
            {{- '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- message.content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""
MODELS["mistral_v3"]="""{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}

{#- This block checks for alternating user/assistant messages, skipping tool calling messages #}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in loop_messages %}
    {%- if not (message.role == "tool" or message.role == "tool_results" or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
            {{- raise_exception("After the optional system message, conversation roles must alternate user/assistant/user/assistant/...") }}
        {%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}

{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if tools is not none and (message == user_messages[-1]) %}
            {{- "[AVAILABLE_TOOLS] [" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}
                        {{- '"' + key + '": "' + val + '"' }}
                    {%- else %}
                        {{- '"' + key + '": ' + val|tojson }}
                    {%- endif %}
                    {%- if not loop.last %}
                        {{- ", " }}
                    {%- endif %}
                {%- endfor %}
                {{- "}}" }}
                {%- if not loop.last %}
                    {{- ", " }}
                {%- else %}
                    {{- "]" }}
                {%- endif %}
            {%- endfor %}
            {{- "[/AVAILABLE_TOOLS]" }}
            {%- endif %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- "[TOOL_CALLS] [" }}
        {%- for tool_call in message.tool_calls %}
            {%- set out = tool_call.function|tojson %}
            {{- out[:-1] }}
            {%- if not tool_call.id is defined or tool_call.id|length != 9 %}
                {{- raise_exception("Tool call IDs should be alphanumeric strings with length 9!") }}
            {%- endif %}
            {{- ', "id": "' + tool_call.id + '"}' }}
            {%- if not loop.last %}
                {{- ", " }}
            {%- else %}
                {{- "]" + eos_token }}
            {%- endif %}
        {%- endfor %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token}}
    {%- elif message["role"] == "tool_results" or message["role"] == "tool" %}
        {%- if message.content is defined and message.content.content is defined %}
            {%- set content = message.content.content %}
        {%- else %}
            {%- set content = message.content %}
        {%- endif %}
        {{- '[TOOL_RESULTS] {"content": ' + content|string + ", " }}
        {%- if not message.tool_call_id is defined or message.tool_call_id|length != 9 %}
            {{- raise_exception("Tool call IDs should be alphanumeric strings with length 9!") }}
        {%- endif %}
        {{- '"call_id": "' + message.tool_call_id + '"}[/TOOL_RESULTS]' }}
    {%- else %}
        {{- raise_exception("Only user and assistant roles are supported, with the exception of an initial optional system message!") }}
    {%- endif %}
{%- endfor %}
"""
MODELS["gemma"]="""{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"""
MODELS["gemma3"]="""{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '\n\n' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}
                {{ '<start_of_image>' }}
            {%- elif item['type'] == 'text' -%}
                {{ item['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model\n'}}
{%- endif -%}
"""
MODELS["phi3"]="""{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"""
MODELS["phi4mini"]="""{% for message in messages %}{% if message['role'] == 'system' and 'tools' in message and message['tools'] is not none %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|tool|>' + message['tools'] + '<|/tool|>' + '<|end|>' }}{% else %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% else %}{{ eos_token }}{% endif %}"""
MODELS["deepseek_r1"]="""{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, is_output_first=true, system_prompt='') %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}{{'<｜User｜>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is none %}{%- set ns.is_tool = false -%}{%- for tool in message['tool_calls']%}{%- if not ns.is_first %}{{'<｜Assistant｜><｜tool▁calls▁begin｜><｜tool▁call▁begin｜>' + tool['type'] + '<｜tool▁sep｜>' + tool['function']['name'] + '\\n' + '```json' + '\\n' + tool['function']['arguments'] | tojson + '\\n' + '```' + '<｜tool▁call▁end｜>'}}{%- set ns.is_first = true -%}{%- else %}{{'\\n' + '<｜tool▁call▁begin｜>' + tool['type'] + '<｜tool▁sep｜>' + tool['function']['name'] + '<｜tool▁call▁end｜>'}}{{'<｜tool▁calls▁end｜><｜end▁of▁sentence｜>'}}{%- endif %}{%- endfor %}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{%- if ns.is_tool %}{{'<｜tool▁outputs▁end｜>' + message['content'] + '<｜end▁of▁sentence｜>'}}{%- set ns.is_tool = false -%}{%- else %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>'}}{%- endif %}{%- endif %}{%- if message['role'] == 'tool' %}{%- set ns.is_tool = true -%}{%- if ns.is_output_first %}{{'<｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>' + message['content'] + '<｜tool▁output▁end｜>'}}{%- set ns.is_output_first = false %}{%- else %}{{'\\n<｜tool▁output▁begin｜>' + message['content'] + '<｜tool▁output▁end｜>'}}{%- endif %}{%- endif %}{%- endfor -%}{% if ns.is_tool %}{{'<｜tool▁outputs▁end｜>'}}{% endif %}{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜><think>\\n'}}{% endif %}"""
MODELS["zephyr"]="""{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>
' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>
' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>
'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}"""
MODELS["command_r_like"]="""{%- macro document_turn(documents) -%}
{# format documents into chat turn #}
<|START|>{% for doc in documents %}{{ loop.index0 }}: {{ doc.title|default('none') }}
{% if not loop.last %},{% endif %}{% endfor %}<|END|>
{%- endmacro %}
{%- macro json_type(t, d=0) -%}
{%- if t.type == 'array' -%}{{ json_type(t['items'], d + 1) + '[]' }}
{%- elif t.enum is defined -%}{{ t.enum | join(' | ') }}
{%- else -%}{{ {'string': 'str', 'integer': 'int', 'number': 'float'}.get(t.type, t.type | upper) }}
{%- endif -%}
{%- endmacro -%}
{%- if tools %}{% for tool in tools | map(attribute='function') | list|sort(attribute='name') %}
def {{ tool.name }}({% for n, p in tool.parameters.properties.items() %}{{ n }}: {{ json_type(p) }}{% if p.default is defined %} = {{ p.default }}{% endif %}{{ ", " if not loop.last }}{% endfor %}):
    \"\"\"{{ tool.description | replace('"', "'") | indent(4) }}
{%- for n, p in tool.parameters.properties | dictsort %}
    {{ n }}{{ ' (required)' if n in tool.parameters.required }}
{%- endfor %}
\"\"\"
{% endfor %}{% endif %}
{{- document_turn(documents or []) }}
{% for m in messages if m.content is not none %}
<{{ m.role | capitalize }}>{{ m.content if m.content is string else m.content | tojson(indent=2) }}
{%- if m.tool_calls %}{{ m.tool_calls | map(attribute='function.name') | join(',') }}{{ m.tool_calls }}{% endif %}
{{- loop.previtem.role if loop.previtem is defined else 'start' }}
{% endfor %}"""
MODELS["chatml_gen"]="""{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n'}}{% if message.role == 'assistant' %}{% generation %}{{ message['content'] }}{% endgeneration %}{% else %}{{ message['content'] }}{% endif %}{{ '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""

CHOICES = [{"add_generation_prompt": True}, {"add_generation_prompt": True, "tools": TOOLS},
           {"tools": TOOLS, "documents": [{"title": "T"}, {"text": "x"}], "builtin_tools": ["brave_search", "code_interpreter"],
            "tools_in_user_message": False}]


def rendered(template, messages, variables):
    """The text; None if Python refuses it."""
    values = {"add_generation_prompt": False} | variables
    try:
        return render_jinja_template([messages], chat_template=template, bos_token="<s>", eos_token="</s>", **values)[0][0]
    except Exception:
        return None


def main():
    parts = [[template, rendered(template, MESSAGES, VARIABLES)] for template in EXPRESSIONS + LINES]
    models = {}
    for name, template in MODELS.items():
        texts = [[rendered(template, messages, choice) for choice in CHOICES] for messages in CONVERSATIONS]
        models[name] = {"template": template, "hashes": [[None if t is None else hashlib.sha256(t.encode()).hexdigest()[:16] for t in row]
                                                         for row in texts]}
    file = pathlib.Path(sys.argv[1]) / "chat_templates.json"
    file.write_text(json.dumps({"messages": MESSAGES, "variables": VARIABLES, "parts": parts, "conversations": CONVERSATIONS,
                                "choices": CHOICES, "models": models}, separators=(",", ":")))
    print("parts", len(parts), "refused", sum(text is None for _, text in parts), "models", len(models), file.stat().st_size)


main()
