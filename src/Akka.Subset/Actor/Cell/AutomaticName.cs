using System.Text;

namespace Akka.Actor;

/// <summary>The names of actors that were given none: $a, $b, …</summary>
internal static class AutomaticName
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    internal static string Create(long number)
    {
        var name = new StringBuilder("$", 12);
        do
        {
            name.Append(Digits[(int)(number & 63)]);
            number >>= 6;
        }
        while (number != 0);

        return name.ToString();
    }
}
