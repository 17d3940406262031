using System.Text;

namespace Lb.Hocon.Tests;

/// <summary>Shorthand for tests: parse a text against files that exist only in memory.</summary>
internal static class Hocon
{
    public const string Origin = "test.conf";

    public static HoconOptions Options { get; } = new()
    {
        Environment = static _ => null,
        OpenFile = static _ => null,
        BaseDirectory = "/etc/lb",
    };

    public static HoconDocument Parse(string text, HoconOptions? options = null) =>
        HoconParser.ParseText(text, Origin, options ?? Options);

    public static HoconObject Resolve(string text, HoconOptions? options = null) => Parse(text, options).Resolve();

    public static string Json(string text, HoconOptions? options = null) =>
        HoconRenderer.ToJson(Parse(text, options).ResolveValue());

    public static IReadOnlyList<HoconError> Errors(string text, HoconOptions? options = null) =>
        Assert.Throws<HoconException>(() => Json(text, options)).Errors;

    /// <summary>Holds that both texts mean the same.</summary>
    public static void Same(string expectedJson, string text, HoconOptions? options = null) =>
        Assert.Equal(Parse(expectedJson).ResolveValue(), Parse(text, options).ResolveValue());

    /// <summary>Holds that the text is refused and the first error stands at line:column and says what it should.</summary>
    public static HoconError Refused(string text, string lineAndColumn, string says, HoconOptions? options = null)
    {
        HoconError error = Errors(text, options)[0];
        Assert.Equal(lineAndColumn, $"{error.Origin.Line}:{error.Origin.Column}");
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        return error;
    }

    /// <summary>The value at a path of a document.</summary>
    public static HoconValue At(string text, string path)
    {
        Assert.True(Resolve(text).TryGet(path, out HoconValue? value), $"{path} is not set");
        return value;
    }

    public static HoconOptions WithFiles(params (string Path, string Text)[] files) =>
        Options with { OpenFile = path => Open(files, path) };

    public static Stream? Open((string Path, string Text)[] files, string path)
    {
        int found = Array.FindIndex(files, f => f.Path == path);
        return found < 0 ? null : new MemoryStream(Encoding.UTF8.GetBytes(files[found].Text));
    }
}
