# SPDX-License-Identifier: GPL-2.0-only
#
# The plot, bench.svg. Run by scripts/bench in a folder with one file of numbers for each
# curve; a panel without numbers is left empty.

set terminal svg size 1280,960 font 'sans-serif,15' background '#ffffff' name 'acs_guard'
set output 'bench.svg'
set multiplot
set style fill solid 0.85 noborder
set border 3
set tics nomirror out
set grid back linecolor '#d8d8d8' linetype 1
# gnuplot gives up where there is nothing to draw.
has(file) = int(system('wc -l <'.file))

ours = '#0b6e4f'
ours_light = '#7fc8a9'
theirs = '#c8553d'
third = '#2f4b8f'
fourth = '#b58900'

# --- row 1 ---
set size 0.5,0.5
set origin 0,0.5
set title '1. One verdict, allowed' font ',17'
set xlabel 'ports that decide above the device'
set ylabel 'instructions'
set format y '%.0f'
set xrange [0.7:8.3]
set yrange [0:*]
set xtics 1,1,8
set key top left reverse Left noenhanced
if (has('examine')) {
	plot 'kernel' using 1:2 with linespoints linewidth 2 pointtype 5 linecolor rgb theirs title 'pci_acs_path_enabled()', \
		'strict' using 1:2 with linespoints linewidth 2 pointtype 9 linecolor rgb ours_light title 'acs_guard_examine(), strict=1', \
		'examine' using 1:2 with linespoints linewidth 2 pointtype 7 linecolor rgb ours title 'acs_guard_examine()'
}

# --- row 5 ---
set origin 0.5,0.5
set title '5. The whole machine grows' font ',17'
set xlabel 'PCI functions'
set logscale xy
set mytics 1
set format x '10^{%T}'
set format y '10^{%T}'
set xrange [8:13000]
set yrange [800:1e16]
set xtics auto
set ytics 1e3,100,1e11
set key top left reverse Left
if (has('load')) {
	plot 'json' using 1:2 with linespoints linewidth 2 pointtype 4 linecolor rgb fourth title 'acs-guard --json', \
		'tool' using 1:2 with linespoints linewidth 2 pointtype 5 linecolor rgb theirs title 'acs-guard', \
		'load' using 1:2 with linespoints linewidth 2 pointtype 9 linecolor rgb third title 'module load', \
		'peers' using 1:2 with linespoints linewidth 2 pointtype 11 linecolor rgb ours_light title 'peers of a VF', \
		'verdict' using 1:2 with linespoints linewidth 2 pointtype 7 linecolor rgb ours title 'one verdict, below a switch'
}
unset logscale

# --- row 4 ---
set origin 0,0
set title '4. Is this device isolated? (one port above)' font ',17'
set xlabel 'instructions'
unset ylabel
set logscale x
set format x '10^{%T}'
set format y '%g'
set xrange [500:6e9]
set yrange [*:*] reverse
set ytics scale 0 auto noenhanced
set xtics 1e3,10,1e8
set mxtics 1
set lmargin 26
unset key
set bmargin 4
if (has('user')) {
	plot 'user' using (500):0:(500):2:($0-0.3):($0+0.3):ytic(1) with boxxyerror linecolor rgb third, \
		'user' using ($2*1.2):0:3 with labels left font ',13'
}
unset logscale
unset lmargin

set mytics default
# --- rows 2 and 3 ---
set origin 0.5,0
set title '2. and 3. Bind + unbind, and a refusal' font ',17'
unset xlabel
set ylabel 'instructions'
set format y '%.0f'
set format x '%g'
set xrange [*:*]
set yrange [0:*] noreverse
set offsets 0, 0, 40000, 0
set ytics scale 1 auto
set xtics auto noenhanced
set key top right noenhanced
set style data histograms
set style histogram clustered gap 1
if (has('bind')) {
	plot 'bind' using 2:xtic(1) linecolor rgb theirs title 'without acs_guard', \
		'bind' using 3 linecolor rgb ours title 'with acs_guard'
}
unset multiplot
