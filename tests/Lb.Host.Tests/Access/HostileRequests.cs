using System.Globalization;
using System.Text;
using System.Text.Json;
using Lb.Host.Commands;

namespace Lb.Host.Tests.Access;

/// <summary>Requests as nobody should send them, byte by byte; the same for the same seed.</summary>
internal sealed class HostileRequests(int seed)
{
    private static readonly string[] Methods =
        ["GET", "POST", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "post", "BREW", "G\tET", ""];

    private static readonly string[] Paths =
    [
        "/", "/api", "/api/v1", "/api/v1/services", "/api/v1/services/web", "/api/v1/services/%00", "/api/v1/services/..%2f..",
        "/api/v1/node", "/api/v1/palettes", "/api/v1/palettes/service", "/api/v1/palettes/../../health/live",
        "/api/v1/palettes/service/%2e%2e", "/api/v1/openapi.json", "/metrics", "/health/ready", "//", "/\u00e9", "/%zz", "/%ff%fe",
        "*", "http://evil.example/api/v1/node", "/api/v1/palettes/token/add?role=admin", "", "api",
    ];

    private static readonly string[] Words =
    [
        "", " ", "web", "b1", "nope", "-1", "0", "9999999999999999999", "NaN", "1e400", "true", "null", "[]", "{}",
        "'; DROP TABLE journal; --", "x\"}\nlb.services.evil { vip = 192.0.2.99, port = 1 }\n", "${HOME}", "include \"/etc/shadow\"",
        "../../../etc/passwd", "\0", "\u202e\u0007", "\ud83d\ude00", "address=", "=", "a.b.c=d", "vip=not-an-address", "port=70000",
        "weight=-5", "weight=1e9", "health.interval=0s", "admin", "root", "lb_",
    ];

    private readonly Random _random = new(seed);

    /// <summary>Anything at all, well-formed changes among it.</summary>
    public byte[] Any() => _random.Next(10) switch
    {
        0 => Raw(Garbage()),
        1 => Raw(Head(Pick(Methods), Pick(Paths)) + "\r\n"),
        2 => Request(Pick(Methods), Pick(Paths), Body(RightJson(AnyCommand().Command))),
        _ => Command(wellFormed: _random.Next(3) == 0),
    };

    /// <summary>What cannot be right, whoever sends it.</summary>
    public byte[] Malformed() => _random.Next(10) switch
    {
        0 => Raw(Garbage()),
        1 => Raw(Head(Pick(Methods), Pick(Paths)) + "\r\n"),
        _ => Command(wellFormed: false),
    };

    private byte[] Command(bool wellFormed)
    {
        (string palette, Command command) = AnyCommand();
        string path = $"/api/v1/palettes/{palette}/{command.Name}";
        return wellFormed
            ? Request("POST", path, Body(RightJson(command)))
            : Request("POST", path, _random.Next(4) == 0 ? NoJson() : Body(WrongJson(command)));
    }

    private (string Palette, Command Command) AnyCommand()
    {
        Palette palette = CommandDirectory.Palettes[_random.Next(CommandDirectory.Palettes.Length)];
        return (palette.Name, palette.Commands[_random.Next(palette.Commands.Length)]);
    }

    /// <summary>Arguments that a command would take.</summary>
    private static string RightJson(Command command)
    {
        Dictionary<string, string[]> values = command.Arguments.ToDictionary(argument => argument.Name, argument => new[]
        {
            argument.Name switch
            {
                "service" => "web",
                "backend" => "b1",
                "setting" => "weight=3",
                "role" => "admin",
                "expires" => "1h",
                "plan" => "",
                _ => "1",
            },
        });
        values.Remove("plan");
        values.Remove("expect-revision");
        return JsonSerializer.Serialize(new { arguments = values });
    }

    /// <summary>Arguments with something in them that makes them wrong for every command.</summary>
    private string WrongJson(Command command)
    {
        Dictionary<string, object?> values = [];
        foreach (ArgumentSpec argument in command.Arguments.Where(_ => _random.Next(3) > 0))
        {
            values[argument.Name] = _random.Next(6) switch
            {
                0 => null,
                1 => Pick(Words),
                2 => new object?[] { null },
                3 => new object?[] { 7, new { a = 1 } },
                4 => Array.Empty<string>(),
                _ => Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick(Words)).ToArray(),
            };
        }

        values[$"no-such-argument-{_random.Next(9)}"] = new[] { Pick(Words) };
        return JsonSerializer.Serialize(new { arguments = values });
    }

    /// <summary>Bodies that are no JSON, or no request.</summary>
    private byte[] NoJson() => _random.Next(12) switch
    {
        0 => [],
        1 => Body("{"),
        2 => Body("[1,2]"),
        3 => Body("null"),
        4 => Body("{\"arguments\": 7}"),
        5 => Body("{\"arguments\": {\"service\": \"web\"}}"),
        6 => Body(new string('[', 100_000)),
        7 => Body("{\"arguments\":{\"service\":[\"" + new string('a', 300_000) + "\"]}}"),
        8 => [0xff, 0xfe, 0x00, 0xc3, 0x28],
        9 => Body("{\"arguments\":{\"service\":[\"web\"]}} trailing"),
        10 => Body("{\"arguments\":{\"service\":[\"web\"],\"service\":null}}"),
        _ => Body("\ufeff{\"arguments\":{\"x\":[\"\\ud800\"]}}"),
    };

    private byte[] Request(string method, string path, byte[] body)
    {
        StringBuilder head = new(Head(method, path));
        head.Append(_random.Next(8) switch
        {
            0 => "Content-Type: text/plain\r\n",
            1 => "",
            2 => "Content-Type: application/json; charset=utf-99\r\n",
            _ => "Content-Type: application/json\r\n",
        });
        head.Append(_random.Next(20) switch
        {
            0 => "Content-Length: -1\r\n",
            1 => "Content-Length: 99999999999\r\n",
            2 => $"Content-Length: {body.Length}\r\nContent-Length: {body.Length + 1}\r\n",
            3 => "Transfer-Encoding: chunked\r\n",
            4 => $"Transfer-Encoding: chunked\r\nContent-Length: {body.Length}\r\n",
            _ => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n"),
        });
        return [.. Raw(head.Append("\r\n").ToString()), .. body];
    }

    private string Head(string method, string path)
    {
        StringBuilder head = new($"{method} {path} {(_random.Next(30) == 0 ? "HTTP/9.9" : "HTTP/1.1")}\r\n");
        head.Append(_random.Next(15) switch
        {
            0 => "",
            1 => "Host: evil.example\r\n",
            2 => "Host: localhost\r\nHost: localhost\r\n",
            _ => "Host: localhost\r\n",
        });
        head.Append("Connection: close\r\n");
        head.Append(_random.Next(12) switch
        {
            0 => "Authorization: Bearer lb_0123456789abcdef_0123456789012345678901234567890123456789012\r\n",
            1 => $"Authorization: Bearer {new string('A', 5000)}\r\n",
            2 => "Authorization: Basic OmFkbWlu\r\n",
            3 => "Authorization:\r\n",
            4 => $"X-Lb-User: {new string('\u00e4', 200)}\r\n",
            5 => $"X-Lb-User: {new string('x', 40_000)}\r\n",
            6 => string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n")),
            7 => "X-Lb-User: a\u0001b\r\n",
            8 => "Expect: 100-continue\r\n",
            _ => "",
        });
        return head.ToString();
    }

    private string Garbage()
    {
        char[] text = new char[_random.Next(1, 200)];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = (char)_random.Next(256);
        }

        return new string(text) + "\r\n\r\n";
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];

    private static byte[] Body(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Raw(string text) => Encoding.Latin1.GetBytes(text);
}
