//! Skeletons of users: what they may use, and what is said about their mistakes.

mod support;

use contract::Problem;
use descriptor::expand::{Expanded, Options, Skeleton, expand};
use support::{bases, lines, parse};

const SHOP: &str = include_str!("descriptors/shop.yaml");

fn skeleton(path: &str, text: &str) -> Skeleton {
    Skeleton { path: path.to_owned(), text: text.to_owned(), file: format!("mine/{path}") }
}

fn expanded(skeletons: &[(&str, &str)]) -> Result<Expanded, Vec<Problem>> {
    let skeletons = skeletons.iter().map(|(path, text)| skeleton(path, text)).collect();
    expand(&parse(SHOP), &bases, &Options { skeletons, ..Options::default() })
}

/// A file of the chart that comes out.
fn made(skeletons: &[(&str, &str)], name: &str) -> String {
    let chart = expanded(skeletons).unwrap_or_else(|e| panic!("{}", lines(&e)));
    let file = chart.files.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("there is no {name}"));
    String::from_utf8_lossy(&file.data).into_owned()
}

#[test]
fn skeletons_are_replaced_file_by_file() {
    let skeletons = [
        ("releases/templates/NOTES.txt", "<< module.name >> has << components | length >>"),
        ("releases/templates/{component}-policy.yaml", "kind: X\nname: << component.name >>\n"),
        // Of another layout: nobody asks for it.
        ("umbrella/templates/NOTES.txt", "<% broken"),
    ];
    assert_eq!(made(&skeletons, "templates/NOTES.txt"), "shop has 2");
    assert_eq!(made(&skeletons, "templates/shop-db-policy.yaml"), "kind: X\nname: shop-db\n");
}

#[test]
fn skeletons_share_what_lies_beside_the_layouts() {
    let skeletons = [
        (
            "lib/layout.txt",
            "# <% block title %><< module.name >><% endblock %>\n\n<% block body %>\n<% endblock %>\n-- \nfooter\n",
        ),
        ("lib/macros.txt", "<% macro link(name, host='example.org') %>https://<< name >>.<< host >><% endmacro %>"),
        ("lib/list.txt", "<% for c in components %>\n<< loop.index >>. << c.name >>\n<% endfor %>\n"),
        (
            "releases/templates/NOTES.txt",
            "<% extends 'lib/layout.txt' %>\n<% from 'lib/macros.txt' import link %>\n\
             <% import 'lib/macros.txt' as all %>\n\
             <% block title %>Notes of << super() >><% endblock %>\n<% block body %>\n\
             << link('shop') >> << all.link('api', host='example.net') >>\n<% include 'lib/list.txt' %>\n<% endblock %>\n",
        ),
    ];
    let notes = made(&skeletons, "templates/NOTES.txt");
    let want =
        "# Notes of shop\nhttps://shop.example.org https://api.example.net\n1. shopfrontend\n2. shop-db\n-- \nfooter\n";
    assert_eq!(notes, want);
    let chart = expanded(&skeletons).unwrap();
    assert!(chart.files.iter().all(|f| !f.name.starts_with(b"lib/")), "what no layout has makes no file");
}

#[test]
fn what_jinja_has_is_there() {
    for (text, want) in [
        ("<< components | map(attribute='name') | map('upper') | join(' ') >>", "SHOPFRONTEND SHOP-DB"),
        ("<< [3, 1, 2] | sort(reverse=true) | list >>", "[3, 2, 1]"),
        ("<< 'two words' | title >>", "Two Words"),
        ("<< components | groupby('chart.name') | length >>", "2"),
        ("<% for batch in range(5) | batch(2) %><< batch | join('+') >> <% endfor %>", "0+1 2+3 4 "),
        ("<< 7 is divisibleby(7) >> << 'Aa' is lower >>", "True False"),
        ("<% set ns = namespace(n=0) %><% for c in components %><% set ns.n = ns.n + 1 %><% endfor %><< ns.n >>", "2"),
        ("<< '%05.1f' | format(3.14159) >>", "003.1"),
        ("<< module.icon | default('none', true) >>", "none"),
        // Ours: the first line is moved, too.
        ("<< 'a\\nb' | indent(2) >>", "  a\n  b"),
    ] {
        assert_eq!(made(&[("releases/templates/NOTES.txt", text)], "templates/NOTES.txt"), want, "{text}");
    }
}

#[test]
fn mistakes_have_a_place_and_a_hint() {
    let bomb =
        "<% set n = namespace(x='x') %><% for i in range(60) %><% set n.x = n.x ~ n.x %><% endfor %><< n.x | length >>";
    for (path, text, want) in [
        (
            "releases/values.yaml",
            "a: 1\n<< modul.name >>\n",
            "mine/releases/values.yaml:2: error: the skeleton fails: `modul` is undefined (did you mean module? \
             the page Expansion of the documentation lists what a skeleton can use)",
        ),
        (
            "releases/values.yaml",
            "<% for c in components %>\n<< c.nmae >>\n<% endfor %>",
            "mine/releases/values.yaml:2: error: the skeleton fails: `c.nmae` is undefined (did you mean name? \
             the page Expansion of the documentation lists what a skeleton can use)",
        ),
        (
            "releases/values.yaml",
            "<< nothing_like_it | yaml >>",
            "mine/releases/values.yaml:1: error: the skeleton fails: `nothing_like_it` is undefined (the page Expansion \
             of the documentation lists what a skeleton can use)",
        ),
        (
            "releases/values.yaml",
            "\n<% if module.apVersion %>x<% endif %>",
            "mine/releases/values.yaml:2: error: the skeleton fails: `module.apVersion` is undefined (did you mean \
             appVersion? the page Expansion",
        ),
        (
            "releases/values.yaml",
            "<< module.name | uper >>",
            "mine/releases/values.yaml:1: error: the skeleton fails: filter uper is unknown (the page Expansion",
        ),
        (
            "releases/values.yaml",
            "\n\n<% if %>",
            "mine/releases/values.yaml:3: error: the skeleton fails: unexpected end of block (blocks are <% … %>, \
             values << … >>, comments <# … #>)",
        ),
        (
            "releases/values.yaml",
            "a: 1\n<% include 'releases/x' %>",
            "mine/releases/values.yaml:2: error: the skeleton fails: tried to include non-existing template \
             'releases/x' (the name of a skeleton is its path",
        ),
        (
            "releases/values.yaml",
            "<% include 'releases/values.yaml' %>",
            "mine/releases/values.yaml:1: error: the skeleton fails: recursion limit exceeded",
        ),
        (
            "releases/values.yaml",
            "<% macro m() %><< m() >><% endmacro %><< m() >>",
            "mine/releases/values.yaml:1: error: the skeleton fails: recursion limit exceeded",
        ),
        (
            "releases/values.yaml",
            "<% include 'releases/Chart.yaml' %>\n\n<< nothing >>",
            "mine/releases/values.yaml:3: error: the skeleton fails: `nothing` is undefined",
        ),
        (
            "releases/x",
            "<% for i in range(100000) %><% for j in range(100000) %>.<% endfor %><% endfor %>",
            "mine/releases/x:1: error: the skeleton fails: it needs too many steps",
        ),
        ("releases/x", bomb, "mine/releases/x:1: error: the skeleton fails: it needs too many steps"),
        (
            "releases/x",
            "<< 'x' * 100000000000 >>",
            "mine/releases/x:1: error: the skeleton fails: it needs too many steps",
        ),
        ("releases/../../x", "", "mine/releases/../../x: error: the path \"releases/../../x\" of a skeleton leads out"),
        ("releases/values.yaml", "- a\n", "module.yaml:7:3: error: Helm does not accept the expanded chart: "),
    ] {
        let Err(problems) = expanded(&[(path, text)]) else { panic!("nothing is wrong with {text}") };
        assert!(problems.iter().any(|p| p.to_string().starts_with(want)), "{want}\n{}", lines(&problems));
    }
}

/// What fails in a skeleton that another one includes or extends is at home in the file where it stands.
#[test]
fn mistakes_are_told_where_they_stand() {
    let broken = ("lib/part.txt", "fine\n<< componets >>\n");
    for using in [
        "<% include 'lib/part.txt' %>",
        "<% extends 'lib/part.txt' %>",
        "<% import 'lib/part.txt' as x %><< x.y >>",
        "<% block a %><% include 'lib/part.txt' %><% endblock %>",
    ] {
        let problems = expanded(&[broken, ("releases/templates/NOTES.txt", using)]).unwrap_err();
        let want = "mine/lib/part.txt:2: error: the skeleton fails: `componets` is undefined (did you mean components?";
        assert!(lines(&problems).starts_with(want), "{using}\n{}", lines(&problems));
    }
    let problems = expanded(&[("lib/part.txt", "\n<% x"), ("releases/x", "<% include 'lib/part.txt' %>")]).unwrap_err();
    assert!(lines(&problems).starts_with("mine/lib/part.txt:2: error: "), "{}", lines(&problems));
}
