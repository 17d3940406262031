using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Lb.Hocon.Tests;

public sealed class RandomDocumentTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ",", ":", "=", "+=", "\n", " ", "${a}", "${?b}", "${", "a", "b", "a.b", "c", "\"s\"", "\"\"\"",
        "1", "-2.5e3", "true", "null", "#", "//", "include", "\"f.conf\"", "required(", ")", "file(", "\\", "\"", "$", ".", "\u00A0", "\uD800",
    ];

    /// <summary>Anything: fragments of the grammar in any order.</summary>
    private static Gen<string> Garbage => Gen.Elements(Fragments).ArrayOf().Select(string.Concat);

    /// <summary>A well-formed document of few keys, which therefore meet, with substitutions between them.</summary>
    private static Gen<string> Document => Field.ArrayOf().Select(fields => string.Join('\n', fields));

    private static Gen<string> Field =>
        from key in Gen.Elements("a", "b", "c", "a.x", "b.y", "a.x.z")
        from value in Value(2)
        select $"{key} = {value}";

    private static Gen<string> Value(int depth)
    {
        Gen<string> leaf = Gen.Elements("1", "s", "[1]", "null", "${?a}", "${?b.y}", "${?c}", "${?a.x} [2]", "${?b} {k:1}", "{x:${?c}}");
        return depth == 0
            ? leaf
            : Gen.OneOf(leaf, Value(depth - 1).Select(v => $"{{x: {v}}}"), Value(depth - 1).Select(v => $"[{v}]"));
    }

    private static Gen<string> Json(int depth)
    {
        Gen<string> text = ArbMap.Default.GeneratorFor<UnicodeString>().Select(s => JsonSerializer.Serialize(s.Get));
        Gen<string> number = ArbMap.Default.GeneratorFor<NormalFloat>().Select(f => JsonSerializer.Serialize(f.Get));
        Gen<string> leaf = Gen.OneOf(text, number, Gen.Elements("true", "false", "null", "0", "-1e+5", "\"\"", "{}", "[]"));
        if (depth == 0)
        {
            return leaf;
        }

        Gen<string> array = Json(depth - 1).ArrayOf(3).Select(items => $"[{string.Join(" ,\n", items)}]");
        Gen<string> fields = Json(depth - 1).ArrayOf(3).SelectMany(items => text.ArrayOf(3).Select(keys =>
            $"{{{string.Join(',', keys.Distinct().Zip(items, (k, v) => $"{k} : {v}"))}}}"));
        return Gen.OneOf(leaf, array, fields);
    }

    [Fact]
    public void Json_means_what_a_json_parser_says() => Prop.ForAll(
        Json(3).Select(json => $"{{\"root\":{json}}}").ToArbitrary(),
        json =>
        {
            using JsonDocument expected = JsonDocument.Parse(json);
            HoconValue actual = Hocon.Parse(json).ResolveValue();
            JsonModel.AssertSame(expected.RootElement, actual);
            Assert.Equal(actual, Hocon.Parse(HoconRenderer.ToJson(actual, indented: true)).ResolveValue());
        }).Check(Runs);

    [Fact]
    public void Garbage_gives_a_value_or_a_hocon_error() =>
        Prop.ForAll(Garbage.ToArbitrary(), text => OnlyHoconErrors(text)).Check(Runs.WithMaxTest(5_000).WithEndSize(60));

    [Fact]
    public void Damaged_document_gives_a_value_or_a_hocon_error()
    {
        Gen<string> damaged =
            from text in Document
            from at in Gen.Choose(0, text.Length)
            from length in Gen.Choose(0, Math.Min(3, text.Length - at))
            from fragment in Gen.Elements(Fragments)
            select text.Remove(at, length).Insert(at, fragment);
        Prop.ForAll(damaged.ToArbitrary(), text => OnlyHoconErrors(text)).Check(Runs.WithMaxTest(2_000));
    }

    [Fact]
    public void Random_bytes_give_a_value_or_a_hocon_error() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(),
        bytes => OnlyHoconErrors("include \"f.conf\"", Encoding.Latin1.GetString(bytes))).Check(Runs);

    [Fact]
    public void Merging_is_associative_and_the_same_as_one_text() => Prop.ForAll(
        Document.ArrayOf(3).ToArbitrary(),
        texts =>
        {
            HoconDocument[] d = [.. texts.Select(t => Hocon.Parse(t))];
            string left = Outcome(d[2].WithFallback(d[1]).WithFallback(d[0]));
            Assert.Equal(left, Outcome(d[2].WithFallback(d[1].WithFallback(d[0]))));
            Assert.Equal(left, Outcome(Hocon.Parse(string.Join('\n', texts))));
        }).Check(Runs);

    [Fact]
    public void Resolved_text_resolves_to_itself() => Prop.ForAll(
        Document.ToArbitrary(),
        text =>
        {
            string once = Outcome(Hocon.Parse(text));
            if (once.StartsWith('{'))
            {
                Assert.Equal(once, Hocon.Json(once));
            }
        }).Check(Runs);

    private static void OnlyHoconErrors(string text, string included = "a=1")
    {
        try
        {
            Hocon.Json(text, Hocon.WithFiles(("/etc/lb/f.conf", included)));
        }
        catch (HoconException e)
        {
            Assert.NotEmpty(e.Errors);
            Assert.All(e.Errors, error => Assert.NotEmpty(error.Mend));
            Assert.All(e.Errors, error => Assert.NotEmpty(error.Expected));
        }
    }

    private static string Outcome(HoconDocument document)
    {
        try
        {
            return document.Resolve().ToString();
        }
        catch (HoconException)
        {
            return "refused";
        }
    }
}
