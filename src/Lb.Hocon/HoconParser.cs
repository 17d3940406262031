using Lb.Hocon.Includes;
using Lb.Hocon.Syntax;

namespace Lb.Hocon;

/// <summary>Parses HOCON, JSON and properties sources into documents.</summary>
public static class HoconParser
{
    /// <summary>Parses a file; the extension tells JSON and properties from HOCON.</summary>
    /// <exception cref="HoconException">The file is missing, unreadable or malformed; all errors found.</exception>
    public static HoconDocument ParseFile(string path, HoconOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var session = new ParseSession(options ?? HoconOptions.Default);
        return session.Run(() => new IncludeLoader(session).LoadRoot(path));
    }

    /// <summary>Parses a text; <paramref name="origin"/> names it in errors.</summary>
    /// <exception cref="HoconException">The text is malformed; all errors found.</exception>
    public static HoconDocument ParseText(string text, string origin, HoconOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(origin);
        var session = new ParseSession(options ?? HoconOptions.Default);
        return session.Run(() =>
        {
            session.CountBytes(text.Length, new HoconOrigin(origin, 0, 0));
            return new TreeParser(session, new Source(SourceKind.Text, origin), text, scope: null, depth: 0).ParseRoot();
        });
    }
}
