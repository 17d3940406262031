using System.Text;
using System.Text.Json;

namespace Lb.Hocon.Syntax;

/// <summary>Holds sources named .json to JSON's own grammar; HOCON's would accept more.</summary>
internal static class JsonGrammar
{
    public static HoconError? Check(string source, string text, int maxDepth)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF'));
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                // Reading is the check.
            }

            return null;
        }
        catch (JsonException e)
        {
            var origin = new HoconOrigin(source, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            return new HoconError(origin, "text that is not JSON", "plain JSON in a .json file", "correct it, or rename the file to .conf");
        }
    }
}
