namespace Lb.Hocon.Tests;

public sealed class IncludeTests
{
    private static readonly HoconOptions Files = Hocon.WithFiles(
        ("/etc/lb/foo.conf", "x=10\ny=${x}"),
        ("/etc/lb/sub/inner.conf", "include \"leaf.conf\"\ninner=1"),
        ("/etc/lb/sub/leaf.conf", "leaf=1"),
        ("/etc/lb/root.conf", "r=${top}"),
        ("/etc/lb/outer.conf", "o { include \"foo.conf\" }\nx=5"),
        ("/etc/lb/array.conf", "[1]"),
        ("/etc/lb/empty.conf", ""),
        ("/etc/lb/broken.conf", "a=1\nb=[1,,2]"),
        ("/etc/lb/all.properties", "p=1\ns=p"),
        ("/etc/lb/all.json", "{\"j\":2,\"s\":\"j\"}"),
        ("/etc/lb/all.conf", "c=3\ns=c"),
        ("/etc/lb/plain", "plain=1"),
        ("/etc/lb/loose.json", "{\"a\":1}\n# comment"),
        ("/etc/lb/loop.conf", "include \"loop2.conf\""),
        ("/etc/lb/loop2.conf", "\n include \"loop.conf\""),
        ("/abs/x.conf", "abs=1"),
        ("/etc/lb/append.conf", "list += 2"));

    [Theory]
    [InlineData("include \"foo.conf\"", """{"x":10,"y":10}""")]
    [InlineData("include\n\n  \"foo.conf\"", """{"x":10,"y":10}""")]
    [InlineData("{ include \"foo.conf\", z=1 }", """{"x":10,"y":10,"z":1}""")]
    [InlineData("include file(\"foo.conf\")", """{"x":10,"y":10}""")]
    [InlineData("include file( \"foo.conf\" )", """{"x":10,"y":10}""")]
    [InlineData("include required(\"foo.conf\")", """{"x":10,"y":10}""")]
    [InlineData("include required( file( \"foo.conf\" ) )", """{"x":10,"y":10}""")]
    [InlineData("include \"file:///abs/x.conf\"", """{"abs":1}""")]
    [InlineData("include url(\"file:///abs/x.conf\")", """{"abs":1}""")]
    [InlineData("include \"/abs/x.conf\"", """{"abs":1}""")]
    [InlineData("include \"sub/inner.conf\"", """{"leaf":1,"inner":1}""")]
    [InlineData("include \"empty.conf\"\na=1", """{"a":1}""")]
    [InlineData("include \"plain\"", """{"plain":1}""")]
    [InlineData("include \"all\"", """{"p":"1","s":"c","j":2,"c":3}""")]
    [InlineData("include \"all.json\"", """{"j":2,"s":"j"}""")]
    public void Include_stands_for_the_fields_of_its_source(string text, string json) => Hocon.Same(json, text, Files);

    [Theory]
    [InlineData("include \"none.conf\"\na=1", """{"a":1}""")]
    [InlineData("include \"none\"\na=1", """{"a":1}""")]
    [InlineData("include file(\"none.conf\")\na=1", """{"a":1}""")]
    [InlineData("include classpath(\"none.conf\")\na=1", """{"a":1}""")]
    public void Missing_source_is_ignored(string text, string json) => Hocon.Same(json, text, Files);

    [Theory]
    [InlineData("x=1\ninclude \"foo.conf\"", """{"x":10,"y":10}""")]
    [InlineData("include \"foo.conf\"\nx=1", """{"x":1,"y":1}""")]
    [InlineData("list=[1]\ninclude \"append.conf\"", """{"list":[1,2]}""")]
    [InlineData("a.list=[1]\na { include \"append.conf\" }", """{"a":{"list":[1,2]}}""")]
    public void Included_fields_merge_by_their_place(string text, string json) => Hocon.Same(json, text, Files);

    [Theory]
    [InlineData("a { include \"foo.conf\" }", """{"a":{"x":10,"y":10}}""")]
    [InlineData("a { include \"foo.conf\" }\na { x=42 }", """{"a":{"x":42,"y":42}}""")]
    [InlineData("x=1\na.b { include \"foo.conf\" }", """{"x":1,"a":{"b":{"x":10,"y":10}}}""")]
    [InlineData("top=7\na { include \"root.conf\" }", """{"top":7,"a":{"r":7}}""")]
    [InlineData("top=7\na { include \"root.conf\", top=8 }", """{"top":7,"a":{"r":8,"top":8}}""")]
    [InlineData("a { include \"outer.conf\" }", """{"a":{"o":{"x":10,"y":10},"x":5}}""")]
    [InlineData("b=${a.y}\na { include \"foo.conf\" }", """{"b":10,"a":{"x":10,"y":10}}""")]
    public void Substitution_is_relative_to_its_source_first(string text, string json) => Hocon.Same(json, text, Files);

    [Theory]
    [InlineData("a=1\ninclude required(\"none.conf\")", "2:18", "does not exist")]
    [InlineData("include required(file(\"none\"))", "1:23", "does not exist")]
    [InlineData("include foo.conf", "1:9", "include")]
    [InlineData("include = 1", "1:9", "quote \"include\"")]
    [InlineData("include", "1:8", "one quoted name")]
    [InlineData("include ${x}", "1:9", "one quoted name")]
    [InlineData("include \"a\" \"b\"", "1:13", "a comma or a new line")]
    [InlineData("include file(foo)", "1:9", "include")]
    [InlineData("include file(\"foo.conf\"", "1:24", "')'")]
    [InlineData("include file(\"foo.conf\"))", "1:24", "')'")]
    [InlineData("include package(\"x\")", "1:9", "include")]
    [InlineData("include file(required(\"x\"))", "1:9", "include")]
    [InlineData("include url(\"foo.conf\")", "1:13", "scheme")]
    [InlineData("include \"http://example.com/x.conf\"", "1:9", "URLs are not fetched")]
    [InlineData("include \"array.conf\"", "1:9", "array at its root")]
    [InlineData("a=[{include \"foo.conf\"}]", "1:5", "inside an array")]
    [InlineData("include \"\"", "1:9", "file name")]
    public void Malformed_include_is_refused(string text, string at, string says) => Hocon.Refused(text, at, says, Files);

    [Theory]
    [InlineData("include \"broken.conf\"", "/etc/lb/broken.conf:2:6")]
    [InlineData("include \"loose.json\"", "/etc/lb/loose.json:2:1")]
    [InlineData("include \"loop.conf\"", "/etc/lb/loop2.conf:2:10")]
    [InlineData("a { include \"root.conf\" }", "/etc/lb/root.conf:1:3")]
    public void Error_names_the_included_source(string text, string origin) =>
        Assert.Equal(origin, Hocon.Errors(text, Files)[0].Origin.ToString());

    [Fact]
    public void Relative_include_of_a_text_without_directory_is_refused() =>
        Hocon.Refused("include \"x.conf\"", "1:9", "absolute path", Files with { BaseDirectory = null });

    [Fact]
    public void Resource_and_url_hooks_are_asked_by_adjacent_names()
    {
        (string, string)[] resources = [("lb/reference.conf", "include \"more.conf\"\nr=1"), ("lb/more.conf", "m=1"), ("only.conf", "o=1")];
        (string, string)[] pages = [("http://h/d/a.conf", "include \"b.conf\""), ("http://h/d/b.conf", "b=1")];
        HoconOptions options = Files with
        {
            OpenResource = name => Hocon.Open(resources, name),
            OpenUrl = url => Hocon.Open(pages, url.AbsoluteUri),
        };
        Hocon.Same("""{"m":1,"r":1}""", "include classpath(\"lb/reference\")", options);
        Hocon.Same("""{"o":1}""", "include \"only.conf\"", options);
        Hocon.Same("""{"b":1}""", "include url(\"http://h/d/a.conf\")", options);
    }

    [Fact]
    public void Files_on_disk_are_found_beside_the_including_file()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("lb-hocon-");
        try
        {
            string site = Path.Combine(directory.FullName, "site.conf");
            File.WriteAllText(site, "include \"part\"\na=${b}");
            File.WriteAllText(Path.Combine(directory.FullName, "part.conf"), "b=1");
            Assert.Equal("""{"b":1,"a":1}""", HoconParser.ParseFile(site).Resolve().ToString());

            File.WriteAllBytes(site, [.. "a=1\nb="u8, 0xC3, 0x28]);
            HoconException e = Assert.Throws<HoconException>(() => HoconParser.ParseFile(site));
            Assert.Equal(new HoconOrigin(site, 2, 3), e.Errors[0].Origin);
            Assert.Throws<HoconException>(() => HoconParser.ParseFile(site + ".none"));
            Assert.Throws<HoconException>(() => HoconParser.ParseFile(directory.FullName));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
