using FsCheck;
using FsCheck.Fluent;
using Lb.Host.Configuration;

namespace Lb.Host.Tests.Configuration;

public sealed class FuzzTests
{
    private static readonly string Valid = Reference.ReadText() + ReadDemo();

    private static readonly string[] Snippets =
    [
        "{", "}", "[", "]", "=", ":", ",", "\"", "\"\"\"", "${", "}", "${?x}", "${lb}", "+=", "#", "\n", "\\", "\0",
        "null", "-1", "1e999", "99999999999999999999", "0x10", "\ud800", "include \"x\"", "é", ".", "..", "::", "%",
        "lb.services.web = 5\n", "lb.services.web.backends = null\n", "lb = []\n", "lb.service-defaults = 1\n",
    ];

    [Fact]
    public void Changed_configurations_give_issues_or_records_and_never_anything_else()
    {
        Gen<(int At, int Cut, string Insert)> edits =
            from at in Gen.Choose(0, Valid.Length)
            from cut in Gen.Choose(0, 12)
            from insert in Gen.Elements(Snippets)
            select (at, cut, insert);
        Prop.ForAll(edits.ArrayOf().Resize(6).ToArbitrary(), all =>
        {
            string text = all.Aggregate(Valid, Edit);
            LoadResult result = ConfigLoader.LoadText(text, "fuzz.conf");
            bool hasErrors = result.Issues.Any(i => i.Severity == Severity.Error);
            return hasErrors == result.Config is null && result.Issues.All(IsWhole);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static string Edit(string text, (int At, int Cut, string Insert) edit)
    {
        int at = Math.Min(edit.At, text.Length);
        int cut = Math.Min(edit.Cut, text.Length - at);
        return text.Remove(at, cut).Insert(at, edit.Insert);
    }

    /// <summary>An issue says where, what, what instead, and how, on one line.</summary>
    private static bool IsWhole(ConfigIssue issue) =>
        issue.Origin is { Source.Length: > 0, Line: > 0, Column: > 0 }
        && issue is { Problem.Length: > 0, Expected.Length: > 0, Mend.Length: > 0 }
        && !issue.ToString().Contains('\n');

    private static string ReadDemo()
    {
        using Stream stream = typeof(FuzzTests).Assembly.GetManifestResourceStream("demo.conf")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
