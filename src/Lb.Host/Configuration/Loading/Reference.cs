using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary><c>config/reference.conf</c>, which is part of the assembly: every key with its default.</summary>
internal static class Reference
{
    /// <summary>Source that origins of defaults carry.</summary>
    public const string Source = "reference.conf";

    public static string ReadText()
    {
        using Stream stream = typeof(Reference).Assembly.GetManifestResourceStream(Source)
            ?? throw new InvalidOperationException($"{Source} is not embedded in the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    public static HoconDocument Parse() => HoconParser.ParseText(ReadText(), Source);
}
