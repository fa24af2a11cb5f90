"""Run with: python -m unittest discover -s test"""

import json
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import index


class Handler(unittest.TestCase):
    def setUp(self):
        os.environ["CORS_ALLOW_ORIGINS"] = "https://app.example.com"

    def ask(self, **event):
        return index.handler({"httpMethod": "GET", "path": "/", **event}, None)

    def test_it_greets(self):
        answer = self.ask(path="/hello")
        self.assertEqual(answer["statusCode"], 200)
        self.assertEqual(json.loads(answer["body"])["path"], "/hello")

    def test_an_allowed_origin_may_read_the_answer(self):
        headers = self.ask(headers={"Origin": "https://app.example.com"})["headers"]
        self.assertEqual(headers["Access-Control-Allow-Origin"], "https://app.example.com")

    def test_another_origin_may_not(self):
        headers = self.ask(headers={"origin": "https://elsewhere.example.com"})["headers"]
        self.assertNotIn("Access-Control-Allow-Origin", headers)


if __name__ == "__main__":
    unittest.main()
