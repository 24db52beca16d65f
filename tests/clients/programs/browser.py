"""Logs in without a browser: opens the page, fills in its form, follows redirects as long as they stay at the server."""
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests


class Form(HTMLParser):
    def __init__(self):
        super().__init__()
        self.action, self.fields, self.hidden = None, [], {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == 'form':
            self.action = attributes['action']
        if tag in ('input', 'button') and 'name' in attributes:
            self.fields.append(attributes['name'])
            if attributes.get('type') == 'hidden':
                self.hidden[attributes['name']] = attributes.get('value', '')


class Browser:
    def __init__(self):
        self.session = requests.Session()

    def go(self, method, url, **options):
        """The answer for a page, the address for a redirect that leaves the server."""
        while True:
            answer = self.session.request(method, url, allow_redirects=False, **options)
            if 'location' not in answer.headers:
                return answer
            target = urljoin(url, answer.headers['location'])
            if urlsplit(target).netloc != urlsplit(url).netloc:
                return target
            method, url, options = 'GET', target, {}

    def submit(self, page, fields):
        form = Form()
        form.feed(page.text)
        missing = [name for name in fields if name not in form.fields]
        if form.action is None or missing:
            raise LookupError(f'no form with {missing} at {page.url}: {page.status_code}')
        return self.go('POST', urljoin(page.url, form.action), data={**form.hidden, **fields})

    def log_in(self, url, username, password, answer='accept'):
        consent = self.submit(self.go('GET', url), {'username': username, 'password': password})
        return consent if isinstance(consent, str) else self.submit(consent, {answer: 'x'})
